/** Years that tell something: in which an event is, or in which it changes how many work together. */

import { words } from "./words.js";

/**
 * @param {Stats["years"]} years
 * @param {("cooperations" | "events")[]} nouns
 */
export function telling(years, nouns = ["cooperations", "events"]) {
  return years.filter(
    ({ events, cooperations }, index) =>
      (nouns.includes("events") && events > 0) ||
      (nouns.includes("cooperations") && cooperations > 0 && cooperations !== years[index - 1]?.cooperations),
  );
}

/**
 * Return the telling years as choices, the latest first.
 *
 * @param {Stats["years"]} years
 * @param {"cooperations" | "events"} noun
 * @returns {Group}
 */
export function yearChoices(years, noun) {
  return {
    name: "year",
    label: words.facets.year,
    choices: telling(years, [noun])
      .reverse()
      .map(({ year, [noun]: count }) => ({ value: String(year), label: String(year), count })),
  };
}
