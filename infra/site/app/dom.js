/** Nodes of the page, made by functions: no text from outside is ever parsed as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an element; attributes that are null, undefined or false are left out, functions listen to events.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | null} [attributes]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * Return an element of a drawing.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | null} [attributes]
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Return the children that are there, as nodes and texts.
 *
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export function nodes(children) {
  return children
    .flat(9)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Return the children with something between them, as in a list of words.
 *
 * @param {Child[]} children
 * @param {string} between
 * @returns {Child[]}
 */
export function joined(children, between = ", ") {
  return children.filter((child) => nodes([child]).length).flatMap((child, index) => (index ? [between, child] : [child]));
}

/**
 * Return the address if it leads to the web, else undefined: data may hold any scheme.
 *
 * @param {string | undefined} address
 */
export function web(address) {
  try {
    return address && /^https?:$/.test(new URL(address).protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Return a text that leads to an address of the web, or the text alone where there is none.
 *
 * @param {string | undefined} url
 * @param {Child} text
 * @param {string} [rel]
 */
export function linked(url, text, rel = "external") {
  const href = web(url);
  return href ? h("a", { href, rel }, text) : text;
}

/**
 * @template {Element} Made
 * @param {Made} element
 * @param {Attributes | null | undefined} attributes
 * @param {Child[]} children
 * @returns {Made}
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}
