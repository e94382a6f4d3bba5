/**
 * What lists can be narrowed by, with how many there are of each.
 *
 */

import { get } from "./api.js";
import { narrowed, network } from "./scope.js";
import { regionName, topicName, word, words } from "./words.js";

const TOPICS_SHOWN = 14;

/**
 * Return the groups of a search, as it counted them.
 *
 * @param {Record<string, Counted[] | undefined>} counted
 * @param {Record<string, string>} kinds
 * @returns {Group[]}
 */
export function foundFacets({ kind = [], region = [], topic = [], network: among = [] }, kinds) {
  return [
    group("kind", kind.map(({ value, count }) => ({ value, label: word(kinds, value), count }))),
    group("region", region.map(({ value, count }) => ({ value, label: regionName(value), count }))),
    group("topic", topic.slice(0, TOPICS_SHOWN).map(({ value, count }) => ({ value, label: topicName(value), count }))),
    group("network", network ? [] : among.map(({ value, name, count }) => ({ value, label: name ?? value, count }))),
  ];
}

/**
 * Return the groups of a list without words to search for.
 *
 * @param {"organisations" | "events" | "cooperations" | "offerings"} noun
 * @param {Record<string, string>} kinds
 * @param {AbortSignal} signal
 * @returns {Promise<Group[]>}
 */
export async function chosenFacets(noun, kinds, signal) {
  const [regions, topics, stats] = await Promise.all([
    get("/regions", narrowed(), signal),
    get("/topics", narrowed(), signal),
    get("/stats", narrowed(), signal),
  ]);
  return [
    group("kind", amongKinds(noun === "offerings" ? undefined : stats.by_kind[noun], kinds)),
    group("region", most(regions.items, noun).map(({ region, [noun]: count }) => ({ value: region, label: regionName(region), count }))),
    group(
      "topic",
      most(topics.items, noun)
        .slice(0, TOPICS_SHOWN)
        .map(({ topic, [noun]: count }) => ({ value: topic, label: topicName(topic), count })),
    ),
    group("network", network ? [] : amongNetworks(stats, noun)),
  ];
}

/**
 * @param {Record<string, number> | undefined} counts
 * @param {Record<string, string>} kinds
 * @returns {Choice[]}
 */
function amongKinds(counts, kinds) {
  const all = Object.entries(kinds).map(([value, label]) => ({ value, label, count: counts && (counts[value] ?? 0) }));
  return all.filter(({ count }) => count !== 0).sort((one, other) => (other.count ?? 0) - (one.count ?? 0));
}

/**
 * @param {Stats} stats
 * @param {"organisations" | "events" | "cooperations" | "offerings"} noun
 * @returns {Choice[]}
 */
function amongNetworks({ networks }, noun) {
  const counted = { organisations: "members", events: "events", cooperations: "cooperations", offerings: undefined }[noun];
  return networks
    .map(({ id, name, ...counts }) => ({ value: id, label: name, count: counts[/** @type {"members"} */ (counted)] }))
    .filter(({ count }) => count !== 0)
    .sort((one, other) => (other.count ?? 0) - (one.count ?? 0));
}

/**
 * @param {any[]} items
 * @param {string} noun
 */
function most(items, noun) {
  return items.filter((each) => each[noun]).sort((one, other) => other[noun] - one[noun]);
}

/**
 * @param {keyof typeof words.facets} name
 * @param {Choice[]} choices
 */
function group(name, choices) {
  return { name, label: words.facets[name], choices };
}
