/** Places for the nodes of a graph: the same graph always looks the same, so that one recognises it. */

const ROUNDS = 320;
const MOST_STEPS = 6_000_000;
/** Between parts that do not hang together. */
const GAP = 1.6;
/** Wanted width by height. */
const SHAPE = 1.7;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** @typedef {readonly {source: string, target: string, weight?: number}[]} Ties */

/**
 * Return a place for each node, in units of the length that an edge wants to have. What hangs together is laid out by
 * itself, and the parts are put beside each other, the largest first.
 *
 * @param {readonly {id: string}[]} nodes
 * @param {Ties} edges
 * @returns {Map<string, Point>}
 */
export function layout(nodes, edges) {
  const degrees = degreesOf(edges);
  // The most connected first, then by id.
  const ids = nodes
    .map(({ id }) => id)
    .sort((one, other) => (degrees.get(other) ?? 0) - (degrees.get(one) ?? 0) || (one < other ? -1 : 1));
  return packed(components(ids, edges).map((group) => laidOut(group, edges)));
}

/**
 * Nodes push each other away, edges draw their ends together, and a weak pull to the middle keeps the whole compact
 * (Fruchterman and Reingold, 1991).
 *
 * @param {string[]} ids
 * @param {Ties} edges
 */
function laidOut(ids, edges) {
  // From the middle outwards.
  const places = new Map(ids.map((id, index) => {
    const [radius, angle] = [Math.sqrt(index + 0.5), index * GOLDEN_ANGLE];
    return [id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle), right: 0, down: 0 }];
  }));
  const points = [...places.values()];
  const springs = edges.flatMap(({ source, target, weight = 1 }) => {
    const [one, other] = [places.get(source), places.get(target)];
    return one && other && one !== other ? [{ one, other, pull: 0.5 + Math.log(Math.max(1, weight)) / 6 }] : [];
  });
  const rounds = Math.min(ROUNDS, Math.ceil(MOST_STEPS / (ids.length ** 2 + 1)));
  for (let round = 0; round < rounds; round++) {
    for (const point of points) [point.right, point.down] = [-point.x * 0.03, -point.y * 0.05];
    points.forEach((one, index) => {
      for (const other of points.slice(index + 1)) {
        push(one, other, 1 / Math.max((one.x - other.x) ** 2 + (one.y - other.y) ** 2, 0.01));
      }
    });
    for (const { one, other, pull } of springs) push(one, other, -Math.hypot(one.x - other.x, one.y - other.y) * pull);
    const longest = 0.9 * (1 - round / rounds) ** 1.5 + 0.01;
    for (const point of points) {
      const force = Math.hypot(point.right, point.down);
      const step = Math.min(longest, force) / Math.max(force, 1e-9);
      point.x += point.right * step;
      point.y += point.down * step;
    }
  }
  return places;
}

/**
 * Let two points push each other away, or draw each other near.
 *
 * @param {Moving} one
 * @param {Moving} other
 * @param {number} strength
 */
function push(one, other, strength) {
  const [right, down] = [(one.x - other.x) * strength, (one.y - other.y) * strength];
  one.right += right;
  one.down += down;
  other.right -= right;
  other.down -= down;
}

/**
 * Return the parts in rows beside each other.
 *
 * @param {Map<string, Point>[]} parts
 */
function packed(parts) {
  const boxes = parts.map((part) => {
    const { left, top, width, height } = bounds([...part.values()]);
    return { part, left, top, width: width + GAP, height: height + GAP };
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
 * Return the ids by what hangs together, in their order, the largest group first.
 *
 * @param {string[]} ids
 * @param {Ties} edges
 */
function components(ids, edges) {
  const groups = new Map(ids.map((id) => [id, new Set([id])]));
  for (const { source, target } of edges) {
    const [one, other] = [groups.get(source), groups.get(target)];
    if (!one || !other || one === other) continue;
    for (const id of other) groups.set(id, one.add(id));
  }
  return [...new Set(groups.values())].map((group) => ids.filter((id) => group.has(id))).sort((one, other) => other.length - one.length);
}

/**
 * Return the box around points.
 *
 * @param {Point[]} points
 */
export function bounds(points) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/**
 * Return how many edges end at each node.
 *
 * @param {Ties} edges
 */
export function degreesOf(edges) {
  /** @type {Map<string, number>} */
  const degrees = new Map();
  for (const end of edges.flatMap(({ source, target }) => [source, target])) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  return degrees;
}
