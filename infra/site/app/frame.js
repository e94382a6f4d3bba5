/** What stands around each page: name, ways, language, search, and where else the register can be read. */

import config from "../config.js";
import { address, narrowed } from "./api.js";
import { h, nodes } from "./dom.js";
import { inLanguage, to } from "./router.js";
import { fill, language, words } from "./words.js";

/**
 * Draw the frame around a page, in the language of the page.
 *
 * @param {string} page
 * @param {(address: string) => void} go
 */
export function drawFrame(page, go) {
  document.documentElement.lang = language;
  part("top").replaceChildren(...nodes([
    h("a", { class: "skip", href: "#content" }, words.skip),
    h("a", { class: "name", href: to("start") }, config.name),
    h("nav", { "aria-label": words.menu }, ...Object.entries(words.nav).map(([name, label]) => way(name, label, page))),
    page !== "search" && finder(go),
    h("div", { class: "spoken", role: "group", "aria-label": words.languages }, Object.entries(config.languages).map((each) => [tongue(...each), " "])),
  ]));
  /** @type {[string, string][]} */
  const ways = [
    ["https://creativecommons.org/licenses/by/4.0/", words.footer.licence],
    [address("/feed.atom", { lang: language, ...narrowed() }), words.footer.feed],
    [to("events", null, { subscribe: "1" }), words.fields.calendar],
    [address("/docs"), words.footer.api],
  ];
  part("bottom").replaceChildren(...ways.map(([href, label]) => h("p", null, h("a", { href }, label))));
}

/**
 * Say that what is shown was kept from before, or that it is no longer so.
 *
 * @param {Date | null} kept
 * @param {() => void} again
 */
export function tellKept(kept, again) {
  const place = part("kept");
  place.hidden = !kept;
  if (!kept) return;
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(kept);
  place.replaceChildren(
    fill(words.trouble.kept, time),
    " ",
    h("button", { type: "button", click: again }, words.trouble.again),
  );
}

/**
 * Return a fixed part of the document.
 *
 * @param {string} id
 */
export function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} page
 */
function way(name, label, page) {
  return h("a", { href: to(name), "aria-current": name === page ? "page" : null }, label);
}

/** @param {string} spoken @param {string} name */
function tongue(spoken, name) {
  return h(
    "a",
    { href: inLanguage(spoken), lang: spoken, hreflang: spoken, "data-language": spoken, "aria-current": spoken === language ? "true" : null },
    h("abbr", { title: name }, spoken.toUpperCase()),
  );
}

/** @param {(address: string) => void} go */
function finder(go) {
  const options = h("ul", { id: "suggestions", role: "listbox", "aria-label": words.searchLabel, hidden: true });
  const input = h("input", {
    type: "search", name: "q", autocomplete: "off", maxlength: 200, "aria-label": words.searchLabel, placeholder: words.searchHint,
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": options.id,
  });
  input.addEventListener("focus", () => void import("./suggest.js").then(({ suggest }) => suggest(input, options, go)), { once: true });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    go(to("search", null, { q: input.value.trim() }));
  };
  return h(
    "form",
    { role: "search", "aria-label": words.searchLabel, class: "finder", action: to("search"), submit },
    input,
    options,
    h("button", null, words.search),
  );
}
