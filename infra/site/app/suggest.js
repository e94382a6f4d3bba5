/** Offers what the register knows while somebody types, to be reached by arrow keys; loaded by whoever goes to the search. */

import { get, narrowed } from "./api.js";
import { h } from "./dom.js";
import { toRecord } from "./router.js";
import { word, words } from "./words.js";

/** Milliseconds without a key. */
const REST = 180;
const SHORTEST = 2;

/**
 * Fill the options of a field while it is typed in (ARIA's combobox); without an answer one can search all the same.
 *
 * @param {HTMLInputElement} input
 * @param {HTMLUListElement} options
 * @param {(address: string) => void} go
 */
export function suggest(input, options, go) {
  let timer = 0;
  /** How often it was asked, or asked no more: an answer to an earlier question comes too late. */
  let asked = 0;
  let chosen = -1;
  /** @type {Suggestion[]} */
  let items = [];
  /** @param {Suggestion[]} found */
  const offer = (found) => {
    items = found;
    options.replaceChildren(
      ...items.map(({ text, type }, index) =>
        h("li", { role: "option", id: `suggestion-${index}`, click: () => open(items[index]) }, text, h("small", null, ` ${word(words.recordTypes, type)}`)),
      ),
    );
    options.hidden = !items.length;
    input.setAttribute("aria-expanded", String(items.length > 0));
    choose(-1);
  };
  /** @param {number} index */
  const choose = (index) => {
    chosen = index;
    [...options.children].forEach((each, place) => each.setAttribute("aria-selected", String(place === chosen)));
    input.setAttribute("aria-activedescendant", options.children[chosen]?.id ?? "");
  };
  /** @param {Suggestion | undefined} item */
  const open = (item) => {
    const address = item && toRecord(item.id);
    if (address) go(address);
  };
  const ask = async () => {
    const [q, mine] = [input.value.trim(), asked];
    const answer = q.length < SHORTEST ? { items: [] } : await get("/suggest", { q, ...narrowed() }).catch(() => ({ items: [] }));
    if (mine === asked) offer(answer.items);
  };
  const close = () => {
    clearTimeout(timer);
    asked++;
    offer([]);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked++;
    timer = window.setTimeout(ask, REST);
  });
  input.addEventListener("keydown", (event) => {
    // One step beyond the last option, and before the first, is the field itself.
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(((chosen + 1 + step + items.length + 1) % (items.length + 1)) - 1);
    else if (event.key === "Enter" && items[chosen]) open(items[chosen]);
    else if (event.key === "Escape" && items.length) close();
    else return;
    event.preventDefault();
  });
  // The focus stays in the field while somebody presses an option.
  options.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  // Whoever types fast was there before these lines were.
  void ask();
}
