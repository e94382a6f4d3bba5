/** One cooperation: with whom, to what end, and what came of it. */

import { all, get } from "../api.js";
import { h, joined, web } from "../dom.js";
import { cooperationEntry, eventEntry } from "../entries.js";
import { personLine, placeLine } from "../people.js";
import { facts, later, list, section, topicLinks } from "../pieces.js";
import { to } from "../router.js";
import { Sources, statementList } from "../statements.js";
import { dated, figureOf, periodOf, plain, said, topicName, word, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function show(page) {
  const { id, signal } = page;
  /** @type {Cooperation} */
  const cooperation = await get(`/cooperations/${id}`, { include: "refs" }, signal);
  const { title, kind, status, description, refs, part_of: above } = cooperation;
  const sources = new Sources(cooperation);
  const own = words.cooperation;
  const path = `/cooperations/${id}`;
  return {
    title: plain(title),
    description: plain(description) || cooperation.parties.map((each) => refs?.[each.organisation_id]?.name).join(", "),
    data: path,
    body: h(
      "article",
      null,
      h(
        "header",
        null,
        h("p", { class: "kicker" }, joined([word(words.cooperationKinds, kind), word(words.cooperationStatus, status), periodOf({ as_of: cooperation.status_as_of })], " · ")),
        h("h1", null, said(title)),
        description && h("p", { class: "description" }, said(description), sources.citeField("/description")),
      ),
      plainFacts(cooperation, sources),
      section(own.parties, statementList(cooperation.parties, sources, "parties", (each) => party(each, refs)), !cooperation.parties_complete && cooperation.parties_complete !== undefined && h("p", { class: "small" }, own.others), cooperation.open_to_partners && h("p", null, own.open)),
      section(own.results, outcome(page, cooperation)),
      section(own.goals, statementList(cooperation.goals, sources, "goals", goal)),
      later(
        page,
        () => all(`${path}/parts`, {}, signal, 1),
        (items) => items.length > 0 && section(own.parts, list(items.map(cooperationEntry))),
      ),
      above && section(own.partOf, h("p", null, h("a", { href: to("cooperations", above) }, refs?.[above]?.title ? said(refs[above].title) : above))),
      section(own.people, statementList(cooperation.people, sources, "people", (each) => personLine(each, refs))),
      section(own.figures, statementList(cooperation.figures, sources, "figures", figureOf)),
      section(own.documents, cooperation.documents?.length && list(cooperation.documents.map(document), "plain")),
      sources.list(),
    ),
  };
}

/**
 * @param {Cooperation} cooperation
 * @param {Sources} sources
 */
function plainFacts(cooperation, sources) {
  const own = words.cooperation;
  /** @param {"signed_on" | "effective_from" | "planned_end" | "ended_on"} field */
  const date = (field) => cooperation[field] && [dated(cooperation[field]), sources.citeField(`/${field}`)];
  return facts(
    [own.signed, date("signed_on")],
    [own.begins, date("effective_from")],
    [own.plannedEnd, date("planned_end")],
    [own.ended, date("ended_on")],
    [words.event.place, placeLine(cooperation.place, cooperation.refs)],
    [own.targets, cooperation.target_groups?.join(", ")],
    [own.topics, topicLinks(cooperation.topics, "cooperations")],
  );
}

/**
 * @param {Cooperation["parties"][number]} party
 * @param {Cooperation["refs"]} refs
 */
function party({ organisation_id: id, roles, focus, signatory, confirmation }, refs) {
  const own = words.cooperation;
  const known = refs?.[id];
  const roles_ = roles?.filter((role) => role !== "party").map((role) => word(words.cooperationRoles, role));
  const answer = { confirmed: own.confirmed, declined: own.declined, unanswered: "" }[confirmation?.state ?? "unanswered"];
  return [
    h("a", { href: to("organisations", id), class: "strong" }, known?.name ?? id),
    ...[known?.city, roles_?.join(", "), focus && said(focus), answer].map((each) => each && [", ", each]),
    signatory && [", ", own.signatory.replace("{}", ""), personLine(signatory, refs)],
  ];
}

/** @param {NonNullable<Cooperation["goals"]>[number]} goal */
function goal({ text, topics, status }) {
  return [
    said(text),
    h("span", { class: "remark" }, " ", joined([status && word(words.goalStatus, status), topics?.map(topicName).join(", ")], " · ")),
  ];
}

/**
 * Results, the events that came of it among them.
 *
 * @param {Page} page
 * @param {Cooperation} cooperation
 */
function outcome(page, { id, results = [] }) {
  return later(
    page,
    () => all(`/cooperations/${id}/events`, {}, page.signal, 3),
    (events) => [
      results.length > 0 &&
        list(
          results.map(({ title, kind, url, event_id: event }) => {
            const link = event ? to("events", event) : web(url);
            return [link ? h("a", { href: link }, said(title)) : said(title), kind && h("span", { class: "remark" }, ` ${word(words.resultKinds, kind)}`)];
          }),
          "plain",
        ),
      events.length > 0 && list(events.map(eventEntry)),
      !results.length && !events.length && h("p", { class: "nothing" }, words.cooperation.noResults),
    ],
  );
}

/** @param {NonNullable<Cooperation["documents"]>[number]} document */
function document({ title, url }) {
  const link = web(url);
  return link ? h("a", { href: link, rel: "external" }, title) : title;
}
