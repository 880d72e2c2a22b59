import { loadAcademies } from '@socle/directory';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import type { BulkAnswer, BulkRequest } from './audit-runtime-port.ts';
import { COMMAND_LINE } from './runtime.ts';

const KIND = 'audit.export.bulk';

/**
 * A second person's word for a bulk export: used up when it was given for this very question, else asked for.
 *
 * @throws ServiceError `request_refused` when the directory has no academy yet, whose people could be asked.
 */
export async function confirmBulkExport(socle: Socle, request: BulkRequest): Promise<BulkAnswer> {
  const by = request.by === undefined ? COMMAND_LINE.actor : ({ kind: 'person', id: request.by } as const);
  return socle.database.transaction(
    async (tx) => {
      if (await socle.approvals.use(tx, { kind: KIND, subject: request.subject, by }))
        return { confirmed: true };
      const [academy] = await loadAcademies(tx);
      if (!academy) {
        throw new ServiceError('request_refused', {
          status: 400,
          publicMessage:
            'This export takes two people, and the directory has nobody yet. Narrow it with --from, --to or --person.',
        });
      }
      const row = await socle.approvals.ask(tx, {
        kind: KIND,
        subject: request.subject,
        controller: academy.controller,
        place: { academy: academy.id },
        summary: describe(request),
        reason: request.purpose,
        by,
      });
      return { confirmed: false, approval: row.id, expiresAt: row.expires_at };
    },
    { scope: 'all' },
  );
}

/** What the second person reads. */
function describe({ format, from, to, subject }: BulkRequest) {
  const since = from?.toISOString() ?? '…';
  const until = to?.toISOString() ?? '…';
  return {
    fr: [
      `Export du journal de toutes les personnes, au format ${format} (empreinte ${subject.slice(0, 16)}…).`,
      `Période : ${since} – ${until}.`,
    ],
    en: [
      `Export of everybody’s log, as ${format} (digest ${subject.slice(0, 16)}…).`,
      `Period: ${since} – ${until}.`,
    ],
  };
}
