/** One organisation: its names over time, who is in it, what it does, and who says so. */

import { all, ApiError, get } from "../api.js";
import { h, joined, web } from "../dom.js";
import { today, yearOf } from "../dates.js";
import { cooperationEntry, eventEntry } from "../entries.js";
import { illustration, personLine, placeLine } from "../people.js";
import { facts, later, list, regionLinks, remark, section, topicLinks } from "../pieces.js";
import { asking, to } from "../router.js";
import { sourceLine, Sources, statementList } from "../statements.js";
import { dated, figureOf, plain, regionName, said, word, words } from "../words.js";

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
  const { name, kind, legal_form: form, description } = organisation;
  return {
    title: name,
    description: plain(description) || [word(words.kinds, kind), name].join(": "),
    data: `/organisations/${id}`,
    body: h(
      "article",
      null,
      h(
        "header",
        null,
        illustration(organisation.logo),
        h("p", { class: "kicker" }, joined([word(words.kinds, kind), form !== "none" && form], " · ")),
        h("h1", null, name),
        asOf && pastView(asOf, organisation.existed === false, query),
        description && h("p", { class: "description" }, said(description), sources.citeField("/description")),
      ),
      plainFacts(organisation, sources),
      section(words.organisation.names, names(organisation, sources)),
      section(words.organisation.figures, statementList(organisation.figures, sources, "figures", figureOf)),
      connected(page, asOf, sources, organisation.membership_grades),
      section(words.organisation.offerings, statementList(organisation.offerings, sources, "offerings", offering)),
      section(words.organisation.people, statementList(organisation.people, sources, "people", (each) => personLine(each, organisation.refs))),
      section(words.organisation.offices, statementList(organisation.offices, sources, "offices", office(organisation.refs))),
      section(words.organisation.designations, statementList(organisation.designations, sources, "designations", ({ title, by }) => [said(title), by && `, ${by}`])),
      section(words.organisation.references, organisation.reference_customers?.join(", ")),
      section(words.organisation.grades, statementList(organisation.membership_grades, sources, "membership_grades", grade)),
      section(words.organisation.asOf, years(organisation, query)),
      sources.list(),
    ),
  };
}

/**
 * What other records say of it, each part as soon as it is there.
 *
 * @param {Page} page
 * @param {string | undefined} asOf
 * @param {Sources} sources
 * @param {Organisation["membership_grades"]} grades
 */
function connected(page, asOf, sources, grades) {
  const { id, signal } = page;
  const said = words.organisation;
  const path = `/organisations/${id}`;
  /**
   * @param {string} title
   * @param {string} part
   * @param {Query} query
   * @param {(items: any[]) => Child} show
   * @param {(item: any) => boolean} [wanted]
   */
  const part = (title, part, query, show, wanted = () => true) => {
    const place = h("div", null);
    // A part without content has no heading either.
    const filled = later(
      page,
      async () => (await all(`${path}/${part}`, query, signal, 3).catch(withoutPart)).filter(wanted),
      (items) => (items.length ? section(title, show(items)) : null),
    );
    place.append(filled);
    return place;
  };
  const asked = { as_of: asOf };
  return [
    part(said.members, "members", asked, (items) => memberships(items, "member", grades)),
    part(said.memberships, "memberships", asked, (items) => memberships(items, "network")),
    part(said.cooperations, "cooperations", {}, (items) => list(items.map(cooperationEntry))),
    part(said.events, "events", { order: "desc" }, (items) => list(items.map(eventEntry))),
    part(said.relations, "relations", asked, (items) => relations(items, sources)),
    part(said.partners, "partners", {}, partners, together),
    h(
      "p",
      { class: "onward aside" },
      h("a", { href: to("network", null, { root: id }) }, `${said.inNetwork} →`),
      " ",
      h("a", { href: to("suggestions", id) }, `${said.suggestions} →`),
    ),
  ];
}

/**
 * The record is there, so a list of it that is not is one that this register does not offer.
 *
 * @param {unknown} problem
 * @returns {any[]}
 */
function withoutPart(problem) {
  if (problem instanceof ApiError && problem.kind === "missing") return [];
  throw problem;
}

/**
 * @param {Organisation} organisation
 * @param {Sources} sources
 */
function plainFacts({ founded, dissolved, focus, topics, regions, website, email, phone }, sources) {
  const said_ = words.organisation;
  const link = web(website);
  return facts(
    [said_.founded, founded && [dated(founded), sources.citeField("/founded")]],
    [said_.dissolved, dissolved && [dated(dissolved), sources.citeField("/dissolved")]],
    [said_.focus, focus && [said(focus), sources.citeField("/focus")]],
    [said_.regions, regionLinks(regions)],
    [said_.topics, topicLinks(topics)],
    [said_.website, link && [h("a", { href: link, rel: "external" }, link.replace(/^https?:\/\/(www\.)?|\/$/g, "")), sources.citeField("/website")]],
    [said_.contact, joined([email && h("a", { href: `mailto:${email}` }, email), phone && h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone)])],
  );
}

/**
 * The names, the present one among them where it is dated.
 *
 * @param {Organisation} organisation
 * @param {Sources} sources
 */
function names({ other_names: others }, sources) {
  return statementList(others, sources, "other_names", ({ value, kind, lang }) => [
    h("span", { lang: lang ?? null }, value),
    h("span", { class: "remark" }, ` ${word(words.nameKinds, kind)}`),
  ]);
}

/**
 * @param {MembershipSummary[]} items
 * @param {"member" | "network"} other
 * @param {Organisation["membership_grades"]} [grades]
 */
function memberships(items, other, grades) {
  const rest = items.length - SHOWN;
  const lines = items.map((each) => {
    const known = each[other];
    return [
      h("a", { href: to("organisations", each[`${other}_id`]) }, each[`${other}_name`]),
      known?.city && `, ${known.city}`,
      each.role && [", ", said(each.role)],
      each.grade && [", ", said(grades?.find(({ code }) => code === each.grade)?.label ?? each.grade)],
      onBehalf(each),
      remark(each),
      " ",
      evidence(each),
    ];
  });
  return rest > 0
    ? [list(lines.slice(0, SHOWN), "plain columns"), h("details", null, h("summary", null, `+ ${rest}`), list(lines.slice(SHOWN), "plain columns"))]
    : list(lines, "plain columns");
}

/** @param {MembershipSummary} membership */
function onBehalf({ on_behalf_of: whom }) {
  const named = joined([whom?.text && said(whom.text), whom?.regions?.map(regionName).join(", ")]);
  return named.length > 0 && [", ", words.organisation.onBehalf, " ", named];
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
    const known = record?.sources ?? [];
    place.replaceChildren(
      ...(record ? [h("span", { class: "note" }, record.note), ...known.map((/** @type {any} */ source) => h("span", null, " ", sourceLine(source)))] : [words.trouble.unavailable.join(" ")]),
    );
    if (record && !known.length && !record.note) place.textContent = words.sources.none;
  };
  return h("details", { class: "evidence", toggle: ask }, h("summary", { "aria-label": `${words.sources.title}: ${member}` }, words.sources.title), place);
}

/**
 * @param {RelationSummary[]} items
 * @param {Sources} sources of this record; an incoming relation has its own in the other one
 */
function relations(items, sources) {
  return list(
    items.map((each) => [
      word(words.relationKinds[each.direction === "incoming" ? "incoming" : "outgoing"], each.kind),
      " ",
      h("a", { href: to("organisations", each.organisation_id) }, each.name),
      remark(each),
      each.note && h("span", { class: "note" }, ` ${each.note}`),
      each.direction === "outgoing" && sources.cite(each),
    ]),
    "plain",
  );
}

/**
 * Whether they do something together; who is in what stands in a part of its own.
 *
 * @param {Partner} partner
 */
function together({ ties }) {
  return ties.some(({ type }) => type === "cooperation" || type === "event");
}

/** @param {Partner[]} items */
function partners(items) {
  return list(
    items.slice(0, SHOWN).map((each) => [
      h("a", { href: to("organisations", each.id) }, each.name),
      h("span", { class: "remark" }, " ", joined(each.ties.map(({ type, evidence: known }) => [words.network.types[type], known.length > 1 && ` ×${known.length}`]))),
    ]),
    "plain columns",
  );
}

/** @param {NonNullable<Organisation["offerings"]>[number]} offering */
function offering({ title, kind, description }) {
  return [
    h("strong", null, said(title)),
    kind && h("span", { class: "remark" }, ` ${word(words.offeringKinds, kind)}`),
    description && [" ", said(description)],
  ];
}

/** @param {Organisation["refs"]} refs */
function office(refs) {
  /** @param {NonNullable<Organisation["offices"]>[number]} office */
  return ({ kind, place }) => [h("span", { class: "remark" }, `${word(words.officeKinds, kind)} `), placeLine(place, refs)];
}

/** @param {NonNullable<Organisation["membership_grades"]>[number]} grade */
function grade({ code, label, eligibility }) {
  return [h("strong", null, label ? said(label) : code), eligibility && [": ", said(eligibility)]];
}

/**
 * @param {string} asOf
 * @param {boolean} missing
 * @param {URLSearchParams} query
 */
function pastView(asOf, missing, query) {
  const [before, after] = words.organisation.formerView.split("{}");
  return h(
    "p",
    { class: "past" },
    missing ? words.organisation.notYet : [before, dated(asOf), after],
    " ",
    h("a", { href: asking(query, { as_of: null }) }, words.organisation.today),
  );
}

/**
 * The years for which something may have been otherwise.
 *
 * @param {Organisation} organisation
 * @param {URLSearchParams} query
 */
function years(organisation, query) {
  const statements = [...(organisation.other_names ?? []), ...(organisation.figures ?? []), ...(organisation.people ?? []), ...(organisation.offices ?? [])];
  const known = statements.flatMap(({ since, until, as_of: asOf }) => [since, until, asOf]).concat(organisation.founded, organisation.dissolved);
  const found = [...new Set(known.map(yearOf).filter((each) => each !== undefined))].sort();
  const now = Number(today().slice(0, 4));
  const shown = found.filter((each) => each <= now);
  return shown.length > 0
    ? [
        h("p", null, words.organisation.asOfHint),
        h(
          "p",
          { class: "tags" },
          ...shown.flatMap((year) => [h("a", { href: asking(query, { as_of: year }), "aria-current": query.get("as_of") === String(year) ? "true" : null }, year), " "]),
        ),
      ]
    : null;
}
