/** Places for the nodes of a graph: the same graph always looks the same, so that one recognises it. */

const ROUNDS = 320;
const MOST_STEPS = 6_000_000;
/** Between parts that do not hang together. */
const GAP = 1.6;
/** Wanted width by height. */
const SHAPE = 1.7;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/**
 * Return a place for each node, in units of the length that an edge wants to have. What hangs together is laid out by
 * itself, and the parts are put beside each other, the largest first.
 *
 * @param {readonly {id: string}[]} nodes
 * @param {readonly {source: string, target: string, weight?: number}[]} edges
 * @returns {Map<string, Point>}
 */
export function layout(nodes, edges) {
  const groups = components(ordered(nodes, edges), edges);
  return packed(groups.map((ids) => laidOut(ids, edges.filter(({ source }) => ids.includes(source)))));
}

/**
 * Nodes push each other away, edges draw their ends together, and a weak pull to the middle keeps the whole compact
 * (Fruchterman and Reingold, 1991).
 *
 * @param {string[]} ids
 * @param {readonly {source: string, target: string, weight?: number}[]} edges
 */
function laidOut(ids, edges) {
  const place = new Map(ids.map((id, index) => [id, index]));
  // From the middle outwards, the most connected first.
  const points = ids.map((_, index) => ({
    x: Math.sqrt(index + 0.5) * Math.cos(index * GOLDEN_ANGLE),
    y: Math.sqrt(index + 0.5) * Math.sin(index * GOLDEN_ANGLE),
  }));
  const springs = edges.flatMap(({ source, target, weight = 1 }) => {
    const ends = [points[place.get(source) ?? -1], points[place.get(target) ?? -1]];
    return ends[0] && ends[1] && ends[0] !== ends[1]
      ? [{ one: ends[0], other: ends[1], pull: 1 + Math.log(Math.max(1, weight)) / 3 }]
      : [];
  });
  const rounds = Math.min(ROUNDS, Math.ceil(MOST_STEPS / (ids.length ** 2 + 1)));
  for (let round = 0; round < rounds; round++) {
    move(points, springs, 0.9 * (1 - round / rounds) ** 1.5 + 0.01);
  }
  return new Map(ids.map((id, index) => [id, points[index] ?? { x: 0, y: 0 }]));
}

/**
 * Return the parts in rows beside each other.
 *
 * @param {Map<string, Point>[]} parts
 */
function packed(parts) {
  const boxes = parts.map((part) => {
    const [xs, ys] = [[...part.values()].map(({ x }) => x), [...part.values()].map(({ y }) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    return { part, left, top, width: Math.max(...xs) - left + GAP, height: Math.max(...ys) - top + GAP };
  });
  const area = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
  const widest = Math.max(boxes[0]?.width ?? 0, Math.sqrt(area * SHAPE));
  let [x, y, row] = [0, 0, 0];
  /** @type {Map<string, Point>} */
  const places = new Map();
  for (const { part, left, top, width, height } of boxes) {
    if (x > 0 && x + width > widest) [x, y, row] = [0, y + row, 0];
    for (const [id, point] of part) places.set(id, { x: point.x - left + x, y: point.y - top + y });
    [x, row] = [x + width, Math.max(row, height)];
  }
  return places;
}

/**
 * Return the ids by what hangs together, the largest group first.
 *
 * @param {string[]} ids
 * @param {readonly {source: string, target: string}[]} edges
 */
function components(ids, edges) {
  const groups = new Map(ids.map((id) => [id, [id]]));
  for (const { source, target } of edges) {
    const [one, other] = [groups.get(source), groups.get(target)];
    if (!one || !other || one === other) continue;
    for (const id of other) groups.set(id, one);
    one.push(...other);
  }
  const order = new Map(ids.map((id, index) => [id, index]));
  return [...new Set(groups.values())]
    .map((group) => group.sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0)))
    .sort((one, other) => other.length - one.length);
}

/**
 * @param {Point[]} points
 * @param {{one: Point, other: Point, pull: number}[]} springs
 * @param {number} longest step of this round
 */
function move(points, springs, longest) {
  const forces = new Map(points.map((point) => [point, { x: -point.x * 0.03, y: -point.y * 0.05 }]));
  /** @param {Point} point @param {number} x @param {number} y */
  const push = (point, x, y) => {
    const force = forces.get(point);
    if (force) [force.x, force.y] = [force.x + x, force.y + y];
  };
  points.forEach((one, index) => {
    for (const other of points.slice(index + 1)) {
      const [x, y] = [one.x - other.x, one.y - other.y];
      const away = 1 / Math.max(x * x + y * y, 0.01);
      push(one, x * away, y * away);
      push(other, -x * away, -y * away);
    }
  });
  for (const { one, other, pull } of springs) {
    const [x, y] = [one.x - other.x, one.y - other.y];
    const together = Math.hypot(x, y) * pull * 0.5;
    push(one, -x * together, -y * together);
    push(other, x * together, y * together);
  }
  for (const [point, { x, y }] of forces) {
    const step = Math.min(longest, Math.hypot(x, y)) / Math.max(Math.hypot(x, y), 1e-9);
    point.x += x * step;
    point.y += y * step;
  }
}

/**
 * Return the ids, the most connected first, then by id.
 *
 * @param {readonly {id: string}[]} nodes
 * @param {readonly {source: string, target: string}[]} edges
 */
function ordered(nodes, edges) {
  const degrees = degreesOf(edges);
  return nodes
    .map(({ id }) => id)
    .sort((one, other) => (degrees.get(other) ?? 0) - (degrees.get(one) ?? 0) || (one < other ? -1 : 1));
}

/**
 * Return how many edges end at each node.
 *
 * @param {readonly {source: string, target: string}[]} edges
 */
export function degreesOf(edges) {
  /** @type {Map<string, number>} */
  const degrees = new Map();
  for (const { source, target } of edges) {
    for (const end of [source, target]) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  }
  return degrees;
}
