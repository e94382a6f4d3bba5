/** From an address to a page. */

import config from "../config.js";
import { forget, get, narrow, onKeptAnswers } from "./api.js";
import { h, nodes } from "./dom.js";
import { drawFrame, part, tellKept } from "./frame.js";
import { trouble } from "./pieces.js";
import { inLanguage, LANGUAGES, placeOf } from "./router.js";
import { fill, language, speak, words } from "./words.js";

/**
 * Pages as lists and, with an id, as one entry.
 *
 * @type {Record<string, readonly [string | null, string | null] | undefined>}
 */
const VIEWS = {
  start: ["start", null],
  organisations: ["organisations", "organisation"],
  events: ["events", "event"],
  cooperations: ["cooperations", "cooperation"],
  network: ["network", null],
  catalogue: ["catalogue", null],
  suggestions: ["suggestions", "suggestions"],
  search: ["finding", null],
};
const CHOSEN = "language";
const PATIENCE = 1_500;

let shown = "";
let running = new AbortController();

/**
 * Go to an address of the site.
 *
 * @param {string} address
 */
export function go(address) {
  history.pushState(null, "", address);
  void show({ top: true });
}

/**
 * Show the page of the present address.
 *
 * @param {{top?: boolean, scroll?: number, again?: boolean}} [how]
 */
async function show({ top = false, scroll, again = false } = {}) {
  const first = !shown;
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const main = part("content");
  const place = placeOf(location);
  if (!place.language) history.replaceState(history.state, "", inLanguage(preferred()) + location.hash);
  const spoken = place.language ?? preferred();
  shown = location.pathname + location.search;
  if (again) forget();

  main.setAttribute("aria-busy", "true");
  /** @type {Promise<unknown>[]} */
  const waiting = [];
  let view;
  const name = VIEWS[place.page]?.[place.id === undefined ? 0 : 1] ?? "missing";
  const loading = import(`./views/${name}.js`);
  try {
    const [{ show: open }] = await Promise.all([loading, narrow(), speak(spoken)]);
    // Asked for first, drawn while the answers are under way.
    const wait = (/** @type {Promise<unknown>} */ work) => waiting.push(work);
    const opened = open({ id: place.id ?? "", query: place.query, signal, wait, go });
    drawFrame(place.page, go);
    view = await opened;
  } catch (problem) {
    if (signal.aborted) return;
    if (!words) return void main.replaceChildren(h("p", null, "Keine Verbindung. – No connection."));
    drawFrame(place.page, go);
    view = { title: config.name, missing: true, body: [h("h1", null, config.name), trouble(problem, () => show({ again: true }))] };
  }
  if (signal.aborted) return;
  main.replaceChildren(...nodes([view.body]));
  main.removeAttribute("aria-busy");
  describe({ description: words.descriptions[place.page], ...view });
  if (top) scrollTo(0, 0);
  if (!first && !again) announce(main, view.title);
  if (scroll !== undefined) await settled(waiting).then(() => signal.aborted || scrollTo(0, scroll));
  else if (location.hash) await settled(waiting).then(() => document.getElementById(location.hash.slice(1))?.scrollIntoView());
}

/**
 * Tell browsers and search engines what the page is.
 *
 * @param {View} view
 */
function describe({ title, description, data, missing, alternates = [] }) {
  document.title = title === config.name ? title : `${title} – ${config.name}`;
  for (const old of document.head.querySelectorAll("[data-page]")) old.remove();
  const mark = { "data-page": true };
  document.head.append(
    h("meta", { name: "description", content: description ?? config.description[language], ...mark }),
    ...(missing ? [h("meta", { name: "robots", content: "noindex", ...mark })] : []),
    h("link", { rel: "canonical", href: location.origin + location.pathname + location.search, ...mark }),
    ...LANGUAGES.map((each) => h("link", { rel: "alternate", hreflang: each, href: location.origin + inLanguage(each), ...mark })),
    ...alternates.map((each) => h("link", { rel: "alternate", ...each, ...mark })),
  );
  if (data) void describeData(data, mark);
}

/**
 * Put what the API says to machines into the page (JSON-LD); a page without it is whole all the same.
 *
 * @param {string} path
 * @param {Attributes} mark
 */
async function describeData(path, mark) {
  const { signal } = running;
  const known = await get(path, { format: "jsonld" }, signal).catch(() => undefined);
  if (!known || signal.aborted) return;
  // "<" escaped: in a saved page no text of the register may end the element.
  const text = JSON.stringify(known).replaceAll("<", "\\u003c");
  document.head.append(h("script", { type: "application/ld+json", ...mark }, text));
}

/**
 * @param {HTMLElement} main
 * @param {string} title
 */
function announce(main, title) {
  const heading = main.querySelector("h1") ?? main;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  part("status").textContent = fill(words.loaded, title);
}

/** @param {Promise<unknown>[]} waiting */
function settled(waiting) {
  return Promise.race([Promise.allSettled(waiting), new Promise((resume) => setTimeout(resume, PATIENCE))]);
}

/** Return the language that was chosen before, or the first that the visitor's browser asks for and the site has. */
function preferred() {
  const wanted = [stored(), ...navigator.languages.map((each) => each.slice(0, 2))];
  return wanted.find((each) => each && LANGUAGES.includes(each)) ?? LANGUAGES[0] ?? "de";
}

function stored() {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

/** @param {string} chosen */
function store(chosen) {
  try {
    localStorage.setItem(CHOSEN, chosen);
  } catch {
    // The browser keeps nothing; the address still says the language.
  }
}

document.addEventListener("click", (event) => {
  const link = /** @type {Element | null} */ (event.target)?.closest("a");
  const href = link?.getAttribute("href");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !href || !plain || event.defaultPrevented || link.hasAttribute("download")) return;
  const target = new URL(href, location.href);
  if (target.origin !== location.origin || target.pathname.startsWith(`${config.api}/`) || href.startsWith("#")) return;
  const chosen = link.getAttribute("data-language");
  if (chosen) store(chosen);
  event.preventDefault();
  go(target.pathname + target.search + target.hash);
});

addEventListener("popstate", (event) => {
  if (location.pathname + location.search !== shown) void show({ scroll: event.state?.scroll ?? 0 });
});

let scrolled = 0;
addEventListener("scroll", () => {
  clearTimeout(scrolled);
  scrolled = window.setTimeout(() => history.replaceState({ scroll: scrollY }, ""), 200);
});

addEventListener("online", () => !part("kept").hidden && void show({ again: true }));

history.scrollRestoration = "manual";
for (const [name, colour] of Object.entries(config.accent)) document.documentElement.style.setProperty(`--accent-${name}`, colour);
onKeptAnswers((kept) => tellKept(kept, () => show({ again: true })));
void show({ scroll: history.state?.scroll });
if ("serviceWorker" in navigator && isSecureContext) void navigator.serviceWorker.register("/worker.js").catch(() => undefined);
