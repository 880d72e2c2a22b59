import { confirmBulkExport } from './audit-bulk.ts';
import { BULK_EVENTS } from './audit-runtime-port.ts';
import { buildAuditCommand } from './audit.ts';
import { rotateLogKeys } from '../compose.ts';
import { openSocle } from './runtime.ts';

/** `socle audit`, with the database and the signing key of this installation for the verbs that need them. */
export const auditCommand = buildAuditCommand(async (io) => {
  const { socle, close } = await openSocle(io);
  const rotateKeys = () => rotateLogKeys(socle);
  return {
    bulkEvents: BULK_EVENTS,
    confirmBulk: (request) => confirmBulkExport(socle, request),
    rotateKeys,
    database: socle.database,
    keys: socle.auditKeys,
    audit: socle.audit,
    close,
  };
});
