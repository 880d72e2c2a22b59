import { isSocleError, parseId, type PersonId } from '@socle/base';
import type { EventActor } from '@socle/audit';
import { loadAcademies, type ConfirmGuarded } from '@socle/directory';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { EXIT, type CommandIo } from './command.ts';
import { COMMAND_LINE } from './runtime.ts';

const KIND = 'directory.import.force';

/** What `--force` was given with. */
interface ForceValues {
  readonly by?: string | boolean | undefined;
  readonly reason?: string | boolean | undefined;
  readonly json?: string | boolean | undefined;
}

/** Who asks: the person of `--by`, else the command line. @throws ServiceError `request_refused` for what is no id. */
export function readAsker({ by }: ForceValues): EventActor {
  if (typeof by !== 'string') return COMMAND_LINE.actor;
  const id = parseId<PersonId>(by);
  if (id) return { kind: 'person', id };
  throw new ServiceError('request_refused', {
    status: 400,
    publicMessage: '--by takes the id of a person. Find it with: socle account find.',
  });
}

/** True for a feed whose very bytes another person confirmed for this asker; uses the confirmation up. */
export const confirmedBySecond =
  (socle: Socle, asker: EventActor): ConfirmGuarded =>
  async (tx, { digest }) =>
    (await socle.approvals.use(tx, { kind: KIND, subject: digest, by: asker })) !== undefined;

/** Runs an import; when the guard wants a second person's word, asks for it and says where it is given. */
export async function askSecondPerson(
  socle: Socle,
  io: CommandIo,
  values: ForceValues,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!isSocleError(error) || error.code !== 'feed_force_unconfirmed') throw error;
    const { digest, academy: code, ...figures } = error.details as Readonly<Record<string, string>>;
    const row = await socle.database.transaction(
      async (tx) => {
        const academy = (await loadAcademies(tx)).find((each) => each.code === code);
        if (!academy) throw error;
        return socle.approvals.ask(tx, {
          kind: KIND,
          subject: digest!,
          controller: academy.controller,
          place: { academy: academy.id },
          summary: describe(code!, digest!, figures),
          reason: typeof values.reason === 'string' ? values.reason : 'socle import --force',
          by: readAsker(values),
        });
      },
      { scope: 'all' },
    );
    const until = row.expires_at.toISOString();
    if (values.json === true) {
      io.stdout(`${JSON.stringify({ approval: row.id, digest, expiresAt: until }, null, 2)}\n`);
    }
    io.stderr(
      `${row.summary.fr.join('\n')}\nRien n’a été appliqué. Une autre personne, administratrice de l’académie ${code}, doit donner son accord sur la page /approvals avant le ${until} (demande ${row.id}). Relancez ensuite la même commande, avec les mêmes fichiers.\n`,
    );
    return EXIT.refused;
  }
}

/** What the second person reads: counts and codes. */
function describe(academy: string, digest: string, figures: Readonly<Record<string, string>>) {
  const { known, departures, holders, roleEndings, links, linkEndings } = figures;
  return {
    fr: [
      `La garde a arrêté cet import de l’académie ${academy} (empreinte ${digest.slice(0, 16)}…).`,
      `${departures} des ${known} personnes connues partiraient.`,
      `${roleEndings} des ${holders} personnes qui ont un rôle en perdraient un.`,
      `${linkEndings} des ${links} liens entre un élève et un adulte finiraient ou changeraient.`,
    ],
    en: [
      `The guard stopped this import of the academy ${academy} (digest ${digest.slice(0, 16)}…).`,
      `${departures} of the ${known} people known would leave.`,
      `${roleEndings} of the ${holders} people with a role would lose one.`,
      `${linkEndings} of the ${links} links between a pupil and an adult would end or change.`,
    ],
  };
}
