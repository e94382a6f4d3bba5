/** The calendar of a selection: an address that stays, for calendar programs. */

import { address } from "./api.js";
import { h } from "./dom.js";
import { language, words } from "./words.js";

/**
 * Return the address of a selection's calendar, and what to do with it.
 *
 * @param {Query} asked
 * @param {{from?: string | undefined, to?: string | undefined}} span
 * @param {boolean} [open]
 */
export function subscription(asked, span, open = false) {
  const said = words.events;
  const of = (/** @type {boolean} */ tentative) =>
    address("/events.ics", { ...asked, ...span, lang: language, tentative: tentative ? "include" : null });
  const shown = h("input", { type: "text", readonly: true, value: of(false), "aria-label": said.subscribe, focus: () => shown.select() });
  const link = h("a", { href: webcal(of(false)) }, said.open);
  /** @param {Event} event */
  const tentative = (event) => {
    shown.value = of(/** @type {HTMLInputElement} */ (event.target).checked);
    link.href = webcal(shown.value);
  };
  /** @param {Event} event */
  const copy = (event) => {
    const button = /** @type {HTMLButtonElement} */ (event.target);
    shown.select();
    void navigator.clipboard?.writeText(shown.value).then(() => (button.textContent = said.copied));
  };
  const node = h(
    "details",
    { class: "subscribe", open },
    h("summary", null, said.subscribe),
    h("p", null, said.subscribeHint, !span.from && !span.to && ` ${said.subscribeFrom}`),
    h("p", { class: "address" }, shown, h("button", { type: "button", click: copy }, said.copy)),
    h("p", null, h("label", null, h("input", { type: "checkbox", change: tentative }), ` ${said.tentative}`)),
    h("p", null, link),
  );
  return { href: of(false), node };
}

/** @param {string} url */
function webcal(url) {
  return url.replace(/^https?:/, "webcal:");
}
