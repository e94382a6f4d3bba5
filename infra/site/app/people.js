/** People, places and pictures; shared by all three kinds of records. */

import { h, joined, web } from "./dom.js";
import { to } from "./router.js";
import { plain, said, word, words } from "./words.js";

/**
 * Return a person: name, role, for whom.
 *
 * @param {Person} person
 * @param {Refs} [refs]
 */
export function personLine({ name, honorific_prefix: prefix, role, function: task, organisation_id: id, affiliation, email, phone }, refs) {
  const home = id && refs?.[id];
  const what = role ? said(role) : task && task !== "speaker" && word(words.functions, task);
  const where = home ? h("a", { href: to("organisations", id) }, home.name) : affiliation;
  const reach = [email && h("a", { href: `mailto:${email}` }, email), phone];
  return [h("strong", null, joined([prefix, name], " ")), ...[what, where, ...reach].map((each) => each && [", ", each])];
}

/**
 * Return a place on one line.
 *
 * @param {Place | undefined} place
 * @param {Refs} [refs]
 */
export function placeLine(place, refs) {
  if (!place) return null;
  const { name, care_of: careOf, care_of_id: careOfId, street, postal_code: code, city, country } = place;
  const home = careOfId && refs?.[careOfId];
  return joined([
    name,
    home ? ["c/o ", h("a", { href: to("organisations", careOfId) }, home.name)] : careOf && `c/o ${careOf}`,
    street,
    joined([code, city], " "),
    country && country !== "DE" && country,
  ].map((each) => (Array.isArray(each) ? each.length > 0 && h("span", null, each) : each)));
}

/**
 * Return a picture with whom it is owed to, or nothing where there is none; what is not sent safely is not shown.
 *
 * @param {{url: string, alt?: Localised | string, credit?: string} | undefined} image
 */
export function illustration(image) {
  const source = web(image?.url);
  if (!image || !source?.startsWith("https:")) return null;
  return h(
    "figure",
    { class: "illustration" },
    h("img", { src: source, alt: plain(image.alt), loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" }),
    image.credit && h("figcaption", { class: "small" }, image.credit),
  );
}
