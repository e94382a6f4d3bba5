/** People, places and pictures; shared by all three kinds of records, as is the head of their pages. */

import { h, joined, linked, web } from "./dom.js";
import { to } from "./router.js";
import { plain, said, word, words } from "./words.js";

/**
 * Return the page of a record.
 *
 * @param {import('./statements.js').Sources<any>} sources
 * @param {{image?: Picture | undefined, kicker: Child[], title: Child, below?: Child}} head
 * @param {Child[]} parts
 */
export function article(sources, { image, kicker, title, below }, ...parts) {
  const description = sources.field("description", said);
  return h(
    "article",
    null,
    h(
      "header",
      null,
      illustration(image),
      h("p", { class: "kicker" }, joined(kicker, " · ")),
      title,
      below,
      description && h("p", { class: "description" }, description),
    ),
    parts,
    sources.all(),
  );
}

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
  return joined([h("strong", null, joined([prefix, name], " ")), what, where, ...reach(email, phone)]);
}

/**
 * Return how somebody is reached.
 *
 * @param {string | undefined} email
 * @param {string | undefined} phone
 */
export function reach(email, phone) {
  return [email && h("a", { href: `mailto:${email}` }, email), phone && h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone)];
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
    country !== "DE" && country,
  ]);
}

/**
 * Return a web site by its name, as a link.
 *
 * @param {string} url
 */
export function siteLink(url) {
  return linked(url, url.replace(/^https?:\/\/(www\.)?|\/$/g, ""));
}

/**
 * Return a picture with whom it is owed to, or nothing where there is none; what is not sent safely is not shown.
 *
 * @param {Picture | undefined} image
 */
function illustration(image) {
  const source = web(image?.url);
  if (!image || !source?.startsWith("https:")) return null;
  return h(
    "figure",
    { class: "illustration" },
    h("img", { src: source, alt: plain(image.alt), loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" }),
    image.credit && h("figcaption", { class: "small" }, image.credit),
  );
}
