/** What the register says, and who says so: numbers that lead to the sources at the end of a page. */

import { address } from "./api.js";
import { h, joined, linked, nodes } from "./dom.js";
import { remark, section } from "./pieces.js";
import { dated, fill, said, words } from "./words.js";

/** @template {Sourced} Of */
export class Sources {
  /** @param {Of} record */
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
    return this.#numbers(({ key, about }) => (key && statement.sources?.includes(key)) || speaksFor(about, pointer));
  }

  /**
   * Return a plain field with the numbers of what speaks for it alone, and of what no statement names.
   *
   * @param {keyof Of & string} field
   * @param {(value: any) => Child} show
   */
  field(field, show) {
    const value = this.record[field];
    const numbers = () => this.#numbers((each) => speaksFor(each.about, `/${field}`) || this.general.includes(each));
    return value !== undefined && value !== null && [show(value), numbers()];
  }

  /**
   * Return a section with the statements of a field.
   *
   * @template {keyof Of & keyof typeof words.fields} Field
   * @param {Field} field
   * @param {(statement: Each<Of[Field]>, index: number) => Child} show
   * @param {Child[]} more
   */
  section(field, show, ...more) {
    const statements = /** @type {any[] | undefined} */ (this.record[field]);
    return section(words.fields[field], this.list(field, statements, show), more);
  }

  /**
   * Return statements as a list, each with its remarks and sources; what all of them share stands once below them,
   * and rival ones say that they are.
   *
   * @template {Statement} Kind
   * @param {string} place of the list in the record
   * @param {readonly Kind[] | undefined} statements
   * @param {(statement: Kind, index: number) => Child} show
   */
  list(place, statements = [], show) {
    const behind = statements.map((each, index) => () => [remark(each), this.cite(each, `/${place}/${index}`)]);
    const texts = behind.map((each) => h("p", null, each()).textContent);
    const shared = texts.length > 2 && new Set(texts).size === 1;
    const isRival = (/** @type {Kind} */ { claim }) => claim && statements.filter((each) => each.claim === claim).length > 1;
    return statements.length > 0 && [
      h(
        "ul",
        { class: "statements" },
        statements.map((each, index) => h("li", null, show(each, index), !shared && behind[index]?.(), note(each.note, isRival(each) && words.rival))),
      ),
      shared && texts[0] && h("p", { class: "shared" }, words.allOfThem, behind[0]?.()),
    ];
  }

  /** Return the sources by their numbers, and which version of the record this is. */
  all() {
    const { record, sources } = this;
    const own = words.sources;
    const path = address(`/${record.type}s/${record.id}`);
    const [version, of] = own.version.split("{}");
    return section(
      own.title,
      sources.length
        ? h("ol", { class: "sources", id: "sources" }, sources.map((source, index) => h("li", { id: `source-${index + 1}` }, sourceLine(source))))
        : h("p", null, own.none),
      sources.length > 0 && !this.general.length && h("p", { class: "small" }, own.rest),
      h(
        "p",
        { class: "small" },
        [version, record.version, of, dated(record.updated_at.slice(0, 10))],
        [" · ", h("a", { href: `${path}/history` }, own.history), " · ", h("a", { href: path }, own.data)],
      ),
    );
  }

  /** @param {(source: Source) => unknown} speaks */
  #numbers(speaks) {
    return this.sources.flatMap((source, index) => {
      if (!speaks(source)) return [];
      const name = fill(words.sources.one, index + 1, source.title ?? source.url ?? "");
      return h("sup", null, h("a", { href: `#source-${index + 1}`, "aria-label": name, title: name }, index + 1));
    });
  }
}

/**
 * Return one source as it is cited.
 *
 * @param {Source} source
 */
export function sourceLine({ title, publisher, url, archived_url: archived, published_on: published, accessed_on: accessed, quote, note: remarks }) {
  return [
    linked(url, h("cite", null, title ?? url), "nofollow external"),
    publisher && `, ${publisher}`,
    published && [", ", dated(published)],
    accessed && [" (", fill(words.sources.accessed), dated(accessed), ")"],
    archived && [", ", linked(archived, words.sources.archived, "nofollow external")],
    ".",
    quote && [" ", h("q", null, quote)],
    note(said(remarks)),
  ];
}

/** @param {Child[]} remarks */
export function note(...remarks) {
  return nodes(remarks).length > 0 && h("span", { class: "note" }, " ", joined(remarks, " "));
}

/**
 * @param {readonly string[] | undefined} about
 * @param {string | undefined} pointer
 */
function speaksFor(about, pointer) {
  return pointer && about?.some((each) => pointer === each || pointer.startsWith(`${each}/`));
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
