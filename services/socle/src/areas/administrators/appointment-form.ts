import { isAdministrativeRole, type AdministrativeRole } from '@socle/directory';
import type { FieldError } from '@socle/pages';
import { startOfDay } from '../school/calendar-day.ts';
import type { Visit } from '../visit.ts';
import { strings } from './strings.ts';

/** A form that gives a role, read; who the login names is looked up apart. */
export interface AppointmentForm {
  readonly role: AdministrativeRole;
  readonly login: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly reason: string;
  /** Its fields as they came, to be sent once more by the page that confirms. */
  readonly sent: Readonly<Record<string, string>>;
}

const NAMES = ['role', 'login', 'window-from', 'window-to', 'reason'] as const;
const DAY_MS = 86_400_000;
const TIME_ZONE = 'Europe/Paris';

/** Reads the form, or says what is wrong with it. */
export function readAppointment(
  { language, now }: Visit,
  fields: Readonly<Record<string, string>>,
): AppointmentForm | { readonly errors: readonly FieldError[] } {
  const words = strings[language];
  const sent = Object.fromEntries(NAMES.map((name) => [name, (fields[name] ?? '').trim()])) as Record<
    (typeof NAMES)[number],
    string
  >;
  const { role, login, reason } = sent;
  const from = sent['window-from'] === '' ? undefined : startOfDay(sent['window-from'], TIME_ZONE);
  const to = readLastDay(sent['window-to']);
  const errors: FieldError[] = [];
  if (!isAdministrativeRole(role)) errors.push({ name: 'role', message: words.wrongRole });
  if (login === '') errors.push({ name: 'login', message: words.wrongLogin });
  if (sent['window-from'] !== '' && from === undefined)
    errors.push({ name: 'window-from', message: words.wrongDay });
  const isEndWrong = to === null || (to !== undefined && to <= (from ?? now));
  if (isEndWrong) errors.push({ name: 'window-to', message: words.wrongDay });
  if (reason.length < 3 || reason.length > 500) errors.push({ name: 'reason', message: words.wrongReason });
  if (errors.length > 0 || !isAdministrativeRole(role)) return { errors };
  return {
    role,
    login,
    reason,
    sent,
    ...(from === undefined ? {} : { from }),
    ...(to ? { to } : {}),
  };
}

/** The first instant after a day; undefined for no day, null for what is none. */
export function readLastDay(text: string | undefined): Date | undefined | null {
  if (text === undefined || text === '') return undefined;
  const start = startOfDay(text, TIME_ZONE);
  if (start === undefined) return null;
  const next = new Date(Date.parse(`${text}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return startOfDay(next, TIME_ZONE) ?? null;
}
