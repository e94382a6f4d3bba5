/** Addresses of the site: `/de/organisations/org_01…?as_of=2016`. */

import config from "../config.js";
import { language } from "./words.js";

export const LANGUAGES = Object.keys(config.languages);

/**
 * @typedef {{language: string | undefined, page: string, id: string | undefined, query: URLSearchParams}} Place
 * @typedef {Record<string, string | number | undefined | null>} Asked
 */

/**
 * Return what an address asks for; its language is undefined where it names none.
 *
 * @param {{pathname: string, search: string}} address
 * @returns {Place}
 */
export function placeOf({ pathname, search }) {
  const segments = pathname.split("/").filter(Boolean);
  const spoken = LANGUAGES.includes(segments[0] ?? "") ? segments.shift() : undefined;
  const [page = "start", id, ...rest] = segments;
  return { language: spoken, page: rest.length ? "missing" : page, id, query: new URLSearchParams(search) };
}

/**
 * Return the address of a page, in the language of the present one.
 *
 * @param {string} page
 * @param {string | null} [id]
 * @param {Asked} [asked]
 */
export function to(page, id, asked = {}) {
  const path = [language, page === "start" ? "" : page, id && encodeURIComponent(id)].filter(Boolean).join("/");
  return `/${path}${page === "start" ? "/" : ""}${changed(new URLSearchParams(), asked)}`;
}

/** @type {Record<string, string | undefined>} */
const PAGES = { org: "organisations", evt: "events", coop: "cooperations" };

/**
 * Return the address of a record's page, or undefined where it has none; ids say of which type they are.
 *
 * @param {string} id such as `org_01…`
 */
export function toRecord(id) {
  const page = PAGES[id.split("_")[0] ?? ""];
  return page && to(page, id);
}

/**
 * Return the present address with some of its questions asked differently; the place within a list is given up.
 *
 * @param {URLSearchParams} query
 * @param {Asked} changes
 */
export function asking(query, changes) {
  return location.pathname + changed(query, { cursor: null, ...changes });
}

/**
 * @param {URLSearchParams} query
 * @param {Asked} changes
 */
function changed(query, changes) {
  const asked = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === "") asked.delete(name);
    else asked.set(name, String(value));
  }
  const text = asked.toString();
  return text && `?${text}`;
}

/**
 * Return the present address in another language.
 *
 * @param {string} spoken
 */
export function inLanguage(spoken) {
  const rest = location.pathname.split("/").filter(Boolean);
  if (LANGUAGES.includes(rest[0] ?? "")) rest.shift();
  return `/${spoken}/${rest.join("/")}${location.search}`;
}
