/** What lists can be narrowed by, with how many there are of each. */

import { get, network } from "./api.js";
import { regionName, topicName, word, words } from "./words.js";

const TOPICS_SHOWN = 14;

/**
 * Return the groups of a search, as it counted them.
 *
 * @param {{[filter: string]: Counted[] | undefined}} counted
 * @param {Record<string, string>} kinds
 * @returns {Group[]}
 */
export function foundFacets(counted, kinds) {
  /** @type {Record<string, (value: string) => string>} */
  const names = {
    type: (value) => word(words.recordTypes, value),
    kind: (value) => word(kinds, value),
    region: regionName,
    topic: topicName,
  };
  return Object.entries(words.facets).map(([name, label]) => ({
    name,
    label,
    choices: (name === "network" && network ? [] : (counted[name] ?? []))
      .slice(0, TOPICS_SHOWN)
      .map(({ value, count, name: known }) => ({ value, label: known ?? names[name]?.(value) ?? value, count })),
  }));
}

/**
 * Return the groups of a list without words to search for: of each filter, how many it would leave beside the others.
 *
 * @param {string} type
 * @param {Query} asked
 * @param {Record<string, string>} kinds
 * @param {AbortSignal} signal
 */
export async function chosenFacets(type, { kind, region, topic, network: among, from, to }, kinds, signal) {
  const { facets } = await get("/search", { type, kind, region, topic, network: among, from, to, limit: 1 }, signal);
  return foundFacets({ ...facets, type: [] }, kinds);
}
