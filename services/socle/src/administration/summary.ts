import type { AdministeredPlace, AdministrativeRole } from '@socle/directory';
import { defineStrings, formatDate, languages, type Language } from '@socle/pages';
import { roleName } from '../pages/strings.ts';
import type { AdministrationAct } from './act.ts';

const strings = defineStrings({
  fr: {
    give: (role: string) => `Donner le rôle : ${role}`,
    prolong: (role: string) => `Prolonger le rôle : ${role}`,
    end: (role: string) => `Retirer le rôle : ${role}. Personne d’autre ne l’aurait plus.`,
    restore: (role: string) => `Rendre le rôle : ${role}`,
    from: (day: string) => `À partir du ${day}`,
    until: (day: string) => `Jusqu’au ${day}`,
    endless: 'Sans date de fin',
    places: (count: number) => (count === 1 ? '' : `${count} établissements`),
  },
  en: {
    give: (role) => `Give the role: ${role}`,
    prolong: (role) => `Prolong the role: ${role}`,
    end: (role) => `End the role: ${role}. Nobody else would hold it.`,
    restore: (role) => `Give the role back: ${role}`,
    from: (day) => `From ${day}`,
    until: (day) => `Until ${day}`,
    endless: 'Without an end',
    places: (count) => (count === 1 ? '' : `${count} schools`),
  },
});

/** What the second person reads of an act, in each language; the page adds the name of the person concerned. */
export function summarise(
  act: AdministrationAct,
  role: AdministrativeRole,
  places: readonly AdministeredPlace[],
): Readonly<Record<Language, readonly string[]>> {
  const say = (language: Language): readonly string[] => {
    const words = strings[language];
    const windowed = act.act === 'give' || act.act === 'prolong' ? act : undefined;
    const day = (at: Date) => formatDate(language, at);
    return [
      words[act.act](roleName(language, role) ?? role),
      places.length === 1 ? places[0]!.name : words.places(places.length),
      ...(act.act === 'give' && act.from ? [words.from(day(act.from))] : []),
      // the end is the first instant without the role
      ...(windowed === undefined
        ? []
        : [windowed.to ? words.until(day(new Date(windowed.to.getTime() - 1))) : words.endless]),
    ].filter((line) => line !== '');
  };
  return Object.fromEntries(languages.map((language) => [language, say(language)])) as Readonly<
    Record<Language, readonly string[]>
  >;
}
