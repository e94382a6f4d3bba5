import assert from "node:assert/strict";
import { test } from "node:test";

import { degreesOf, layout } from "../../infra/site/app/layout.js";

const node = (id) => ({ id });
const edge = (source, target) => ({ source, target, weight: 1 });
const distance = (places, one, other) => Math.hypot(places.get(one).x - places.get(other).x, places.get(one).y - places.get(other).y);

test("the same graph has the same places, in whatever order it comes", () => {
  const nodes = ["a", "b", "c", "d", "e"].map(node);
  const edges = [edge("a", "b"), edge("b", "c"), edge("d", "e")];

  const places = layout(nodes, edges);

  assert.deepEqual(layout([...nodes].reverse(), edges).get("c"), places.get("c"));
  assert.deepEqual([...places.keys()].sort(), ["a", "b", "c", "d", "e"]);
});

test("neighbours stand nearer to each other than strangers", () => {
  const places = layout(["a", "b", "c", "d"].map(node), [edge("a", "b"), edge("b", "c"), edge("c", "d")]);

  assert.ok(distance(places, "a", "b") < distance(places, "a", "c"));
  assert.ok(distance(places, "a", "c") < distance(places, "a", "d"));
});

test("parts that do not hang together do not overlap", () => {
  const star = (name) => Array.from({ length: 6 }, (_, index) => edge(name, `${name}${index}`));
  const edges = [...star("a"), ...star("b"), ...star("c")];
  const ids = [...new Set(edges.flatMap(({ source, target }) => [source, target]))];

  const places = layout(ids.map(node), edges);

  const box = (name) => {
    const points = ids.filter((id) => id.startsWith(name)).map((id) => places.get(id));
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  };
  for (const [one, other] of [["a", "b"], ["a", "c"], ["b", "c"]]) {
    const [first, second] = [box(one), box(other)];
    assert.ok(first.right < second.left || second.right < first.left || first.bottom < second.top || second.bottom < first.top);
  }
});

test("no two nodes share a place, and every place is a number", () => {
  const nodes = Array.from({ length: 120 }, (_, index) => node(`n${index}`));
  const edges = nodes.slice(1).map(({ id }, index) => edge(`n${Math.floor(index / 3)}`, id));

  const places = [...layout(nodes, edges).values()];

  assert.ok(places.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
  assert.equal(new Set(places.map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size, 120);
});

test("an edge to a node that is not there, or to itself, moves nothing", () => {
  assert.equal(layout([node("a")], [edge("a", "a"), edge("a", "gone")]).size, 1);
  assert.equal(layout([], []).size, 0);
});

test("a node's degree counts the edges that end at it", () => {
  assert.deepEqual([...degreesOf([edge("a", "b"), edge("b", "c")])], [["a", 1], ["b", 2], ["c", 1]]);
});
