/** The accent of a deployment, strong enough to be read (WCAG 2.2, 1.4.3). */

const PAPER = { light: [251, 250, 247], dark: [22, 21, 20] };
const ENOUGH = 5;

/**
 * Give the page its accent on light and on dark.
 *
 * @param {{light: string, dark: string}} accent
 */
export function colour(accent) {
  const { style } = document.documentElement;
  style.setProperty("--accent-light", readable(accent.light, PAPER.light, 0));
  style.setProperty("--accent-dark", readable(accent.dark, PAPER.dark, 255));
}

/**
 * Return the colour, moved towards an end until it stands out from the paper.
 *
 * @param {string} hex such as `#97301a`
 * @param {number[]} paper
 * @param {number} end
 */
export function readable(hex, paper, end) {
  let channels = [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16) || 0);
  while (contrast(channels, paper) < ENOUGH && channels.some((each) => each !== end)) {
    channels = channels.map((each) => Math.round(each + Math.sign(end - each) * Math.min(8, Math.abs(end - each))));
  }
  return `#${channels.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Return the contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio).
 *
 * @param {number[]} one
 * @param {number[]} other
 */
export function contrast(one, other) {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** @param {number[]} channels */
function luminance(channels) {
  const [red = 0, green = 0, blue = 0] = channels.map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
