import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

/** The answers that are still to be given, and the addresses that were asked for. */
let answers = [];
let asked = [];
let waited = [];
let online = true;
const store = new Map();
const realTimeout = globalThis.setTimeout;

Object.defineProperty(globalThis, "location", { value: { origin: "https://register.test" }, configurable: true });
Object.defineProperty(globalThis, "navigator", { value: { get onLine() { return online; } }, configurable: true });
globalThis.caches = {
  open: async () => ({
    put: async (url, response) => void store.set(url, await response.text()),
    match: async (url) => store.has(url) && new Response(store.get(url), { headers: { Date: "Sat, 28 Nov 2026 12:00:00 GMT" } }),
    keys: async () => [...store.keys()],
    delete: async (url) => store.delete(url),
  }),
};
globalThis.fetch = async (url, { signal }) => {
  asked.push(url);
  signal.throwIfAborted();
  const answer = answers.shift();
  if (answer instanceof Error) throw answer;
  return answer;
};

const { address, all, ApiError, forget, get, onKeptAnswers } = await import("../../infra/site/app/api.js");

const problem = (status, headers = {}, body = {}) => new Response(JSON.stringify(body), { status, headers });
const page = (items, next = null) => Response.json({ items, next });

/** Return the error that the work ends with. */
const failure = (work) => work.then(() => assert.fail("nothing was refused"), (error) => error);

beforeEach(() => {
  [answers, asked, waited, online] = [[], [], [], true];
  store.clear();
  forget();
  // Waiting between tries takes no time here; how long it would have been is noted.
  globalThis.setTimeout = (work, delay) => (delay >= 10_000 ? 0 : (waited.push(delay), realTimeout(work, 0)));
});
afterEach(() => {
  globalThis.setTimeout = realTimeout;
});

test("an address repeats what is asked several times, and leaves out what is not asked", () => {
  assert.equal(
    address("/graph", { edge: ["cooperation", "event"], as_of: 2019, root: "", depth: undefined, network: null }),
    "https://register.test/v1/graph?edge=cooperation&edge=event&as_of=2019",
  );
});

test("an answer is not asked for again at once", async () => {
  answers = [page([1])];

  await get("/events");
  const again = await get("/events");

  assert.deepEqual(again.items, [1]);
  assert.equal(asked.length, 1);
});

test("a passing fault is waited for as long as the API says, and not seen", async () => {
  answers = [problem(503, { "Retry-After": "2" }), new TypeError("network"), page([1])];

  const { items } = await get("/events");

  assert.deepEqual(items, [1]);
  assert.equal(asked.length, 3);
  assert.ok(waited[0] >= 2_000 && waited[0] <= 2_500);
});

test("a long wait is left to the person", async () => {
  answers = [problem(429, { "Retry-After": "60" })];

  const error = await failure(get("/events"));

  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.kind, error.wait, asked.length], ["busy", 60, 1]);
});

test("after three tries it is said that there is no answer", async () => {
  answers = [new TypeError("network"), new TypeError("network"), new TypeError("network")];

  const error = await failure(get("/events"));

  assert.deepEqual([error.kind, asked.length], ["offline", 3]);
});

test("without a connection it is not tried again", async () => {
  online = false;
  answers = [new TypeError("network")];

  assert.equal((await failure(get("/events"))).kind, "offline");
  assert.equal(asked.length, 1);
});

test("what was answered before is shown when there is no answer, with its time, until there is one", async () => {
  const told = [];
  onKeptAnswers((kept) => told.push(kept?.toISOString() ?? null));
  answers = [page(["kept"])];
  await get("/events");
  await new Promise((resume) => realTimeout(resume, 5));
  forget();
  answers = [problem(503, { "Retry-After": "30" }), page(["new"])];

  const kept = await get("/events");
  const fresh = await get("/events");

  assert.deepEqual([kept.items, fresh.items], [["kept"], ["new"]]);
  assert.deepEqual(told, [null, "2026-11-28T12:00:00.000Z", null]);
});

test("a record that is gone is not shown from what was kept", async () => {
  answers = [Response.json({ id: "org_01" })];
  await get("/organisations/org_01");
  forget();
  answers = [problem(410)];

  assert.equal((await failure(get("/organisations/org_01"))).kind, "gone");
});

test("a refusal says what to mend", async () => {
  answers = [problem(400, {}, { detail: "Mend it.", errors: [{ message: "Use a date such as 2023-09." }] }), problem(404)];

  const refused = await failure(get("/events", { from: "soon" }));
  const missing = await failure(get("/events/evt_01"));

  assert.deepEqual([refused.kind, refused.advice, missing.kind], ["refused", "Use a date such as 2023-09.", "missing"]);
});

test("whoever goes on to another page ends the request, and nothing is told", async () => {
  const gone = new AbortController();
  gone.abort();

  const error = await failure(get("/events", {}, gone.signal));

  assert.equal(error.name, "AbortError");
});

test("all pages of a list are read, up to a bound", async () => {
  answers = [page([1], "/v1/events?cursor=two"), page([2], "/v1/events?cursor=three"), page([3], "/v1/events?cursor=four")];

  const items = await all("/events", { kind: "congress" }, undefined, 3);

  assert.deepEqual(items, [1, 2, 3]);
  assert.equal(asked[1], "https://register.test/v1/events?limit=200&kind=congress&cursor=two");
  assert.equal(asked.length, 3);
});
