const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The first instant of a calendar day in a time zone; undefined for what is no day. */
export function startOfDay(text: string | undefined, timeZone: string): Date | undefined {
  if (text === undefined || !DAY.test(text)) return undefined;
  const guess = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(guess.getTime()) || guess.toISOString().slice(0, 10) !== text) return undefined;
  return new Date(guess.getTime() - offsetMs(guess, timeZone));
}

/** The calendar day of an instant in a time zone, as a date field writes it. */
export function calendarDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at);
}

/** How far the zone's clocks are ahead of UTC at about this instant. */
function offsetMs(at: Date, timeZone: string): number {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
  return new Date(`${local.replace(' ', 'T')}Z`).getTime() - at.getTime();
}
