/**
 * The register's API, read only: answers are retried where that helps, and kept for the time without a connection.
 */

import config from "../config.js";

const TRIES = 3;
const LONGEST_WAIT = 4;
const PATIENCE = 12_000;
const FRESH = 20_000;
const KEPT = "answers-1";
const MOST_KEPT = 200;

/**
 * Why there is no answer. `offline`: none came; `busy`: 429; `unavailable`: 503 and other faults of the server;
 * `missing`, `gone`: no such record (any more); `refused`: the address asks for what cannot be.
 *
 * @typedef {"offline" | "busy" | "unavailable" | "missing" | "gone" | "refused"} Trouble
 */
export class ApiError extends Error {
  /**
   * @param {Trouble} kind
   * @param {{wait?: number | undefined, advice?: string | undefined}} [more] seconds until the next try; what to do
   */
  constructor(kind, { wait, advice } = {}) {
    super(kind);
    this.kind = kind;
    this.wait = wait;
    this.advice = advice;
    /** Whether another try may help. */
    this.passing = ["offline", "busy", "unavailable"].includes(kind);
  }
}

/** @type {Map<string, {answer: any, at: number}>} */
const remembered = new Map();
/** @type {Set<(kept: Date | null) => void>} */
const listeners = new Set();

/** The id of the network to which the site is narrowed; "" for the whole register. */
export let network = "";

/**
 * Call the listener with the time of an answer that is shown although the API gives none, and with null when it does.
 *
 * @param {(kept: Date | null) => void} listener
 */
export function onKeptAnswers(listener) {
  listeners.add(listener);
}

/** Ask anew for everything, however lately it was answered. */
export function forget() {
  remembered.clear();
}

/**
 * Return the address of a path of the API, with what is asked for; undefined and empty values are left out.
 *
 * @param {string} path
 * @param {Query} [query]
 */
export function address(path, query = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") asked.append(name, String(each));
    }
  }
  const text = asked.toString();
  return `${new URL(config.api, location.origin).href}${path}${text && `?${text}`}`;
}

/**
 * Return an answer of the API, or the one that was kept of it; raises ApiError.
 *
 * @param {string} path
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, query, signal) {
  const url = address(path, query);
  const known = remembered.get(url);
  if (known && Date.now() - known.at < FRESH) return known.answer;
  try {
    const answer = await answered(url, signal);
    remembered.set(url, { answer, at: Date.now() });
    for (const listener of listeners) listener(null);
    void keep(url, answer);
    return answer;
  } catch (problem) {
    if (signal?.aborted || !(problem instanceof ApiError)) throw problem;
    const kept = problem.passing && (await keptAnswer(url));
    if (!kept) throw problem;
    for (const listener of listeners) listener(kept.at);
    return kept.answer;
  }
}

/**
 * Return the items of all pages of a list, up to a number of pages.
 *
 * @param {string} path
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @param {number} [pages]
 * @returns {Promise<any[]>}
 */
export async function all(path, query, signal, pages = 5) {
  const items = [];
  let page = await get(path, { limit: 200, ...query }, signal);
  for (let read = 1; ; read++) {
    items.push(...page.items);
    if (!page.next || read >= pages) return items;
    const next = new URL(page.next, location.origin);
    page = await get(path, { limit: 200, ...query, cursor: next.searchParams.get("cursor") }, signal);
  }
}

/** Find the network that the configuration names; raises ApiError. */
export async function narrow() {
  if (network || !config.network) return;
  network = config.network.startsWith("org_") ? config.network : await identified(config.network);
}

/**
 * Return the filter that narrows a list: the site's network, else the one that is asked for.
 *
 * @param {URLSearchParams} [query]
 */
export function narrowed(query) {
  return { network: network || query?.get("network") };
}

/**
 * Return what the address asks of a list, narrowed.
 *
 * @param {Page} page
 * @param {string[]} filters
 */
export function asked({ query }, ...filters) {
  return { ...Object.fromEntries(filters.map((name) => [name, query.get(name)])), ...narrowed(query) };
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function answered(url, signal) {
  for (let attempt = 1; ; attempt++) {
    const problem = await tried(url, signal);
    if (!(problem instanceof ApiError)) return problem;
    const wait = problem.wait ?? attempt / 2;
    if (!problem.passing || attempt === TRIES || wait > LONGEST_WAIT || !navigator.onLine) throw problem;
    // A random part, lest all visitors come back in the same moment.
    await new Promise((resume) => setTimeout(resume, (wait + Math.random() / 2) * 1_000));
  }
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} what was answered, or an ApiError
 */
async function tried(url, signal) {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, PATIENCE);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(url, { signal: limit.signal });
    return response.ok ? await response.json() : await refusal(response);
  } catch (problem) {
    if (signal?.aborted) throw problem;
    return new ApiError("offline");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** @param {Response} response */
async function refusal(response) {
  const { status } = response;
  const wait = Number(response.headers.get("Retry-After")) || undefined;
  const advice = await response.json().then(
    (problem) => problem.errors?.[0]?.message ?? problem.detail,
    () => undefined,
  );
  if (status === 429) return new ApiError("busy", { wait });
  if (status >= 500) return new ApiError("unavailable", { wait });
  if (status === 404) return new ApiError("missing");
  if (status === 410) return new ApiError("gone");
  return new ApiError("refused", { advice });
}

/**
 * Keep an answer for the time without a connection; where the browser keeps nothing (private windows), nothing is lost.
 *
 * @param {string} url
 * @param {unknown} answer
 */
async function keep(url, answer) {
  try {
    const kept = await caches.open(KEPT);
    const headers = { "Content-Type": "application/json", Date: new Date().toUTCString() };
    await kept.put(url, new Response(JSON.stringify(answer), { headers }));
    const known = await kept.keys();
    await Promise.all(known.slice(0, Math.max(0, known.length - MOST_KEPT)).map((each) => kept.delete(each)));
  } catch {
    // Not kept, and not needed for what is shown now.
  }
}

/**
 * @param {string} url
 * @returns {Promise<{answer: any, at: Date} | undefined>}
 */
async function keptAnswer(url) {
  try {
    const found = await (await caches.open(KEPT)).match(url);
    return found && { answer: await found.json(), at: new Date(found.headers.get("Date") ?? 0) };
  } catch {
    return undefined;
  }
}

/** @param {string} reference */
async function identified(reference) {
  const { items } = await get("/organisations", { external_id: reference });
  return items[0]?.id ?? "";
}
