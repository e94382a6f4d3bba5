/** One organisation: its names over time, who is in it, what it does, and who says so. */

import { get } from "../api.js";
import { h, joined } from "../dom.js";
import { cooperationEntry, eventEntry } from "../entries.js";
import { article, personLine, placeLine, reach, siteLink } from "../people.js";
import { aside, facts, list, onward, part, remark, section, tags } from "../pieces.js";
import { asking, to } from "../router.js";
import { note, sourceLine, Sources } from "../statements.js";
import { dated, figureOf, plain, regionName, said, today, word, words, yearOf } from "../words.js";

const SHOWN = 40;

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function show(page) {
  const { id, query, signal } = page;
  const asOf = query.get("as_of") ?? undefined;
  /** @type {Organisation} */
  const organisation = await get(`/organisations/${id}`, { as_of: asOf, include: "refs" }, signal);
  // Merged into another one, which answers in its place.
  if (organisation.id !== id) history.replaceState(history.state, "", to("organisations", organisation.id, { as_of: asOf }));
  const sources = new Sources(organisation);
  const own = words.organisation;
  const { name, kind, legal_form: form, description, refs, topics, regions, email, phone } = organisation;
  return {
    title: name,
    description: plain(description) || [word(words.kinds, kind), name].join(": "),
    data: `/organisations/${id}`,
    body: article(
      sources,
      {
        image: organisation.logo,
        kicker: [word(words.kinds, kind), form !== "none" && form],
        title: h("h1", null, name),
        below: asOf && pastView(asOf, organisation.existed === false, query),
      },
      facts({
        founded: sources.field("founded", dated),
        dissolved: sources.field("dissolved", dated),
        focus: sources.field("focus", said),
        regions: tags("region", regions),
        topics: tags("topic", topics),
        website: sources.field("website", siteLink),
        contact: joined(reach(email, phone)),
      }),
      sources.section("other_names", ({ value, kind, lang }) => [h("span", { lang }, value), aside(word(words.nameKinds, kind))]),
      sources.section("figures", figureOf),
      connected(page, asOf, sources),
      sources.section("offerings", ({ title, kind, description }) => [
        h("strong", null, said(title)),
        kind && aside(word(words.offeringKinds, kind)),
        description && [" ", said(description)],
      ]),
      sources.section("people", (each) => personLine(each, refs)),
      sources.section("offices", ({ kind, place }) => [aside(word(words.officeKinds, kind)), " ", placeLine(place, refs)]),
      sources.section("designations", ({ title, by }) => joined([said(title), by])),
      section(words.fields.reference_customers, organisation.reference_customers?.join(", ")),
      sources.section("membership_grades", ({ code, label, eligibility }) => [h("strong", null, label ? said(label) : code), eligibility && [": ", said(eligibility)]]),
      section(own.asOf, years(organisation, query)),
    ),
  };
}

/**
 * What other records say of it, each part as soon as it is there.
 *
 * @param {Page} page
 * @param {string | undefined} asOf
 * @param {Sources<Organisation>} sources
 */
function connected(page, asOf, sources) {
  const { id } = page;
  const own = words.organisation;
  const path = `/organisations/${id}`;
  const then = { as_of: asOf };
  const grades = sources.record.membership_grades;
  return [
    part(page, own.members, `${path}/members`, (items) => memberships(items, "member", grades), then),
    part(page, own.memberships, `${path}/memberships`, (items) => memberships(items, "network"), then),
    part(page, words.nav.cooperations, `${path}/cooperations`, (items) => list(items.map(cooperationEntry))),
    part(page, words.nav.events, `${path}/events`, (items) => list(items.map(eventEntry)), { order: "desc" }),
    part(page, own.relations, `${path}/relations`, (items) => relations(items, sources), then),
    part(page, own.partners, `${path}/partners`, partners),
    h(
      "div",
      { class: "aside" },
      onward([to("network", null, { root: id }), own.inNetwork], [to("suggestions", id), words.suggestions.title]),
    ),
  ];
}

/**
 * @param {MembershipSummary[]} items
 * @param {"member" | "network"} other
 * @param {Organisation["membership_grades"]} [grades]
 */
function memberships(items, other, grades) {
  const rest = items.length - SHOWN;
  const lines = items.map((each) => [
    joined([
      h("a", { href: to("organisations", each[`${other}_id`]) }, each[`${other}_name`]),
      each[other]?.city,
      each.role && said(each.role),
      each.grade && said(grades?.find(({ code }) => code === each.grade)?.label ?? each.grade),
      onBehalf(each),
    ]),
    remark(each),
    " ",
    evidence(each),
  ]);
  return [
    list(lines.slice(0, SHOWN), "plain columns"),
    rest > 0 && h("details", null, h("summary", null, `+ ${rest}`), list(lines.slice(SHOWN), "plain columns")),
  ];
}

/** @param {MembershipSummary} membership */
function onBehalf({ on_behalf_of: whom }) {
  const named = joined([whom?.text && said(whom.text), whom?.regions?.map(regionName).join(", ")]);
  return named.length > 0 && [words.organisation.onBehalf, " ", named];
}

/**
 * The sources of a membership stand in its own record, so they are asked for when somebody wants to know.
 *
 * @param {MembershipSummary} membership
 */
function evidence({ id, network_id: network, member_name: member }) {
  const place = h("span", null);
  const ask = async () => {
    if (place.childNodes.length) return;
    place.textContent = words.loading;
    const record = await get(`/organisations/${network}/members/${id}`).catch(() => undefined);
    const told = h("span", null, record && [note(record.note), record.sources?.map((/** @type {Source} */ each) => h("span", null, " ", sourceLine(each)))]);
    place.replaceChildren(told.textContent ? told : record ? words.sources.none : words.trouble.unavailable.join(" "));
  };
  return h("details", { class: "evidence", toggle: ask }, h("summary", { "aria-label": `${words.sources.title}: ${member}` }, words.sources.title), place);
}

/**
 * @param {RelationSummary[]} items
 * @param {Sources<Organisation>} sources of this record; an incoming relation has its own in the other one
 */
function relations(items, sources) {
  return list(
    items.map((each) => [
      word(words.relationKinds[each.direction === "incoming" ? "incoming" : "outgoing"], each.kind),
      " ",
      h("a", { href: to("organisations", each.organisation_id) }, each.name),
      remark(each),
      note(each.note),
      each.direction === "outgoing" && sources.cite(each),
    ]),
    "plain",
  );
}

/**
 * Those with whom it does something; who is in what stands in a part of its own.
 *
 * @param {Partner[]} items
 */
function partners(items) {
  const together = items.filter(({ ties }) => ties.some(({ type }) => type === "cooperation" || type === "event"));
  return together.length > 0 && list(
    together.slice(0, SHOWN).map(({ id, name, ties }) => [
      h("a", { href: to("organisations", id) }, name),
      aside(joined(ties.map(({ type, evidence: known = [] }) => [words.network.types[type], known.length > 1 && ` ×${known.length}`]))),
    ]),
    "plain columns",
  );
}

/**
 * @param {string} asOf
 * @param {boolean} missing
 * @param {URLSearchParams} query
 */
function pastView(asOf, missing, query) {
  const own = words.organisation;
  const [before, after] = own.formerView.split("{}");
  return h(
    "p",
    { class: "past" },
    missing ? own.notYet : [before, dated(asOf), after],
    " ",
    h("a", { href: asking(query, { as_of: null }) }, own.today),
  );
}

/**
 * The years for which something may have been otherwise.
 *
 * @param {Organisation} organisation
 * @param {URLSearchParams} query
 */
function years({ other_names: names = [], figures = [], people = [], offices = [], founded, dissolved }, query) {
  const known = [...names, ...figures, ...people, ...offices].flatMap(({ since, until, as_of: asOf }) => [since, until, asOf]);
  const now = Number(today().slice(0, 4));
  const shown = [...new Set([...known, founded, dissolved].map(yearOf))].filter((each) => each !== undefined && each <= now).sort();
  return shown.length > 0 && [
    h("p", null, words.organisation.asOfHint),
    h(
      "p",
      { class: "tags" },
      shown.map((year) => [h("a", { href: asking(query, { as_of: year }), "aria-current": query.get("as_of") === String(year) && "true" }, year), " "]),
    ),
  ];
}
