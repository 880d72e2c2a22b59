import { isSocleError, parseId, type PersonId } from '@socle/base';
import type { Author, GuardedFeed } from '@socle/directory';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { askForForce } from '../imports/force-approval.ts';
import { EXIT, type CommandIo } from './command.ts';
import { COMMAND_LINE } from './runtime.ts';

/** What `--force` was given with. */
interface ForceValues {
  readonly by?: string | boolean | undefined;
  readonly reason?: string | boolean | undefined;
  readonly json?: string | boolean | undefined;
}

/** Who asks: the person of `--by`, else the command line. @throws ServiceError `request_refused` for what is no id. */
export function readAsker({ by }: ForceValues): Author {
  if (typeof by !== 'string') return COMMAND_LINE.actor;
  const id = parseId<PersonId>(by);
  if (id) return { kind: 'person', id };
  throw new ServiceError('request_refused', {
    status: 400,
    publicMessage: '--by takes the id of a person. Find it with: socle account find.',
  });
}

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
    const { academy: academyCode, ...figures } = error.details as unknown as Omit<
      GuardedFeed,
      'academyCode' | 'degree'
    > & { readonly academy: string };
    const row = await socle.database.transaction(
      (tx) =>
        askForForce(
          tx,
          socle,
          { ...figures, academyCode },
          {
            reason: typeof values.reason === 'string' ? values.reason : 'socle import --force',
            by: readAsker(values),
          },
        ),
      { scope: 'all' },
    );
    if (!row) throw error;
    const until = row.expires_at.toISOString();
    if (values.json === true) {
      io.stdout(
        `${JSON.stringify({ approval: row.id, digest: figures.digest, expiresAt: until }, null, 2)}\n`,
      );
    }
    io.stderr(
      `${row.summary.fr.join('\n')}\nRien n’a été appliqué. Une autre personne, administratrice de l’académie ${academyCode}, doit donner son accord sur la page /approvals avant le ${until} (demande ${row.id}). Relancez ensuite la même commande, avec les mêmes fichiers.\n`,
    );
    return EXIT.refused;
  }
}
