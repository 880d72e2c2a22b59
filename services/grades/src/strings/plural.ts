/** The singular for 0 and 1 (as French has it), the plural beyond. */
export function count(total: number, one: string, many: string): string {
  return total > 1 ? many : one;
}

/** The singular for 1 alone (as English has it). */
export function countEnglish(total: number, one: string, many: string): string {
  return total === 1 ? one : many;
}
