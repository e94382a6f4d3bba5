/**
 * What the register says, and who says so: numbers that lead to the sources at the end of a page.
 *
 * @typedef {{sources?: Source[], id: string, version: number, updated_at: string, type: string}} Sourced
 */

import { address } from "./api.js";
import { h, joined, nodes, web } from "./dom.js";
import { remark, section } from "./pieces.js";
import { dated, said, words } from "./words.js";

export class Sources {
  /** @param {Sourced} record */
  constructor(record) {
    this.record = record;
    this.sources = record.sources ?? [];
    const named = new Set(statementKeys(record));
    this.general = this.sources.filter(({ key, about }) => !about && !(key && named.has(key)));
  }

  /**
   * Return the numbers of a statement's sources, with those that say they speak for its place in the record.
   *
   * @param {Statement} statement
   * @param {string} [pointer]
   */
  cite(statement, pointer) {
    return this.#numbers(
      this.sources.filter(({ key, about }) => (key && statement.sources?.includes(key)) || speaksFor(about, pointer)),
    );
  }

  /**
   * Return the numbers for a plain field: what speaks for it alone, and what no statement names.
   *
   * @param {string} pointer
   */
  citeField(pointer) {
    return this.#numbers(this.sources.filter((each) => speaksFor(each.about, pointer) || this.general.includes(each)));
  }

  /** Return the sources by their numbers, and which version of the record this is. */
  list() {
    const { record } = this;
    const path = `/${{ organisation: "organisations", event: "events", cooperation: "cooperations" }[record.type]}/${record.id}`;
    return section(
      words.sources.title,
      this.sources.length
        ? h("ol", { class: "sources", id: "sources" }, ...this.sources.map((source, index) => h("li", { id: `source-${index + 1}` }, sourceLine(source))))
        : h("p", null, words.sources.none),
      this.sources.length > 0 && !this.general.length && h("p", { class: "small" }, words.sources.rest),
      h(
        "p",
        { class: "small" },
        words.sources.version.split("{}")[0],
        record.version,
        words.sources.version.split("{}")[1],
        dated(record.updated_at.slice(0, 10)),
        " · ",
        h("a", { href: address(`${path}/history`) }, words.sources.history),
        " · ",
        h("a", { href: address(path) }, words.sources.data),
      ),
    );
  }

  /** @param {Source[]} sources */
  #numbers(sources) {
    return sources.map((source) => {
      const place = this.sources.indexOf(source) + 1;
      const name = words.sources.one.replace("{}", String(place)).replace("{}", source.title ?? source.url ?? "");
      return h("sup", null, h("a", { href: `#source-${place}`, "aria-label": name, title: name }, place));
    });
  }
}

/**
 * Return statements as a list, each with its remarks and sources; what all of them share stands once below them,
 * and rival ones say that they are.
 *
 * @template {Statement} Kind
 * @param {readonly Kind[] | undefined} statements
 * @param {Sources} sources
 * @param {string} field
 * @param {(statement: Kind, index: number) => Child} show
 */
export function statementList(statements, sources, field, show) {
  const [first, ...others] = statements ?? [];
  if (!statements || !first) return null;
  /** @param {Statement} statement @param {number} index */
  const behind = (statement, index) => [remark(statement), sources.cite(statement, `/${field}/${index}`)];
  const texts = statements.map((statement, index) => h("p", null, ...nodes([behind(statement, index)])).textContent);
  const shared = others.length > 1 && new Set(texts).size === 1;
  const rivals = statements.map(({ claim }) => claim && statements.filter((each) => each.claim === claim).length > 1);
  return [
    h(
      "ul",
      { class: "statements" },
      ...statements.map((statement, index) =>
        h(
          "li",
          null,
          show(statement, index),
          !shared && behind(statement, index),
          (statement.note || rivals[index]) && h("span", { class: "note" }, ` ${joined([statement.note, rivals[index] && words.rival], " ").join("")}`),
        ),
      ),
    ),
    shared && texts[0] && h("p", { class: "shared" }, words.allOfThem, behind(first, 0)),
  ];
}

/**
 * Return one source as it is cited.
 *
 * @param {Source} source
 */
export function sourceLine({ title, publisher, url, archived_url: archived, published_on: published, accessed_on: accessed, quote, note }) {
  const [link, copy] = [web(url), web(archived)];
  const named = title ?? url;
  return [
    link ? h("a", { href: link, rel: "nofollow external" }, h("cite", null, named)) : h("cite", null, named),
    publisher && `, ${publisher}`,
    published && [", ", dated(published)],
    accessed && [" (", words.sources.accessed.replace("{}", ""), dated(accessed), ")"],
    copy && [", ", h("a", { href: copy, rel: "nofollow external" }, words.sources.archived)],
    ".",
    quote && [" ", h("q", null, quote)],
    note && [" ", h("span", { class: "note" }, said(note))],
  ];
}

/**
 * @param {readonly string[] | undefined} about
 * @param {string | undefined} pointer
 */
function speaksFor(about, pointer) {
  return Boolean(pointer && about?.some((each) => pointer === each || pointer.startsWith(`${each}/`)));
}

/**
 * Return the keys of all sources that statements within a value name.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
function statementKeys(value) {
  if (Array.isArray(value)) return value.flatMap(statementKeys);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "sources" && Array.isArray(inner) && typeof inner[0] === "string" ? inner : statementKeys(inner),
  );
}
