/** An address at which there is nothing. */

import { h } from "../dom.js";
import { to } from "../router.js";
import { words } from "../words.js";

/** @returns {View} */
export function show() {
  const [title = "", advice] = words.trouble.missing;
  return { title, missing: true, body: [h("h1", null, title), h("p", null, advice), h("p", null, h("a", { href: to("start") }, words.trouble.back))] };
}
