import type { Language } from '@socle/pages';
import { buttonLink, defineStrings, html } from '@socle/pages';
import type { EntranceSchool } from '../ports.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { ProvenAttempt, SignInTools } from '../sign-in/step.ts';
import { loadStops, type Stop } from './stop-store.ts';

const TEXTS = defineStrings({
  fr: {
    title: 'Les connexions sont arrêtées',
    usual:
      'Les connexions de votre établissement sont arrêtées pour protéger les comptes. Votre compte n’est pas en cause. Réessayez plus tard, ou demandez au secrétariat.',
    home: 'Retour à l’accueil',
  },
  en: {
    title: 'Sign-in is stopped',
    usual:
      'Sign-in of your school is stopped to protect accounts. There is nothing wrong with yours. Try again later, or ask the office.',
    home: 'Back to the home page',
  },
});

/**
 * The stop that keeps this person out: one of a school where they hold a role, unless they hold one above schools. Asked
 * when the person is proven, so that nobody else learns what is stopped.
 */
export async function findSchoolStop(
  { person }: ProvenAttempt,
  { people, database }: SignInTools,
): Promise<Stop | undefined> {
  if (!people.findPlaces) return undefined;
  const { schools, isAboveSchools } = await people.findPlaces(person.id);
  if (isAboveSchools || schools.length === 0) return undefined;
  const [stop] = await loadStops(database, { kind: 'school', targets: schools });
  return stop;
}

/** Writes that somebody who is stopped came. */
export async function appendStopped(attempt: ProvenAttempt, tools: SignInTools): Promise<void> {
  await tools.database.transaction(
    (tx) =>
      tools.audit.append(tx, {
        controller: attempt.person.controller ?? tools.platformController,
        actor: { kind: 'system', id: 'sign-in' },
        action: 'identity.session.refused',
        target: { kind: 'person', id: attempt.person.id },
        outcome: 'denied',
        reason: 'school_stopped',
        network: { address: attempt.address, agent: attempt.agent },
      }),
    { scope: 'all' },
  );
}

/** What somebody who is stopped reads. */
export function stoppedPage(
  tools: Pick<SignInTools, 'pages'>,
  language: Language,
  stop: Stop,
  school: EntranceSchool | undefined,
): RenderedPage {
  const t = TEXTS[language];
  return tools.pages.sheet({
    language,
    school,
    title: t.title,
    lead: stop.message ?? t.usual,
    body: html`${buttonLink({ label: t.home, href: '/', wide: true })}`,
  });
}
