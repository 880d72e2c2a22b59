/**
 * A name as echarts may be given it: the library keeps names as keys of plain objects, so that one such as `__proto__` would
 * spoil this drawing and every later one of the process. A word joiner (U+2060), which nobody sees, makes it a key like any other.
 */
export function plainName(name: string): string {
  return name in Object.prototype ? `\u2060${name}` : name;
}
