// @ts-check
// Colours of a page as numbers, for the checks beside this file.
/** What is painted behind a part. @param {Element | null} part @returns {string} */
export function backgroundOf(part) {
  for (let at = part; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (readColour(backgroundColor)[3] > 0.99) return backgroundColor;
  }
  return 'rgb(255, 255, 255)';
}

/** @param {string} a @param {string} b */
export function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** @param {string} colour */
function luminance(colour) {
  const [red = 0, green = 0, blue = 0] = readColour(colour)
    .slice(0, 3)
    .map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Red, green, blue of 255, and how opaque. @param {string} colour @returns {[number, number, number, number]} */
function readColour(colour) {
  const parts = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0, alpha = 1] = colour.startsWith('color(')
    ? parts.map((part, place) => (place < 3 ? part * 255 : part))
    : parts;
  return [red, green, blue, alpha];
}
