import type { AuditAppender } from '@socle/audit';
import type { Clock, PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import type { Person } from '../ports.ts';
import { deleteAgreement, loadServicesOf, saveAgreement } from './agreement-store.ts';
import { attributesOf, claimsOf, isPublisher } from './attribute-contract.ts';
import type { Attribute } from './members.ts';

/** One service in "what each service receives". */
export interface ServiceReceipt {
  readonly clientId: string;
  readonly name: { readonly fr: string; readonly en: string };
  /** Outside the school: the person was shown the list and agreed. */
  readonly publisher: boolean;
  readonly purpose?: { readonly fr: string; readonly en: string };
  /** What leaves, with the value of today. A random pseudonym always leaves too. */
  readonly attributes: readonly { readonly attribute: Attribute; readonly value: string }[];
  readonly agreedAt?: Date;
}

/** What each service receives of a person (art. 13 and 15 GDPR). */
export interface Receipts {
  /** Services the person has opened in the last 30 days or agreed to, with what leaves by contract. */
  list(accountId: string): Promise<readonly ServiceReceipt[]>;
  /** Takes back an agreement to a service outside the school. False when there was none. */
  withdraw(accountId: string, clientId: string): Promise<boolean>;
}

interface ReceiptsOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly platformController: string;
  readonly findPerson: (accountId: string) => Promise<Person | undefined>;
}

/** Opens the receipts; see Receipts. */
export function openReceipts(options: ReceiptsOptions): Receipts {
  return {
    async list(accountId) {
      const person = await options.findPerson(accountId);
      const rows = await loadServicesOf(options.database, accountId);
      return rows.map(({ client_id: clientId, metadata, agreed_at: agreedAt }) => {
        const claims = person ? claimsOf(person, attributesOf(metadata)) : {};
        const purpose = metadata['socle_purpose'] as ServiceReceipt['purpose'];
        return {
          clientId,
          name: namesOf(clientId, metadata),
          publisher: isPublisher(metadata),
          ...(purpose && { purpose }),
          attributes: Object.entries(claims).map(([attribute, value]) => ({
            attribute: attribute as Attribute,
            value: String(value),
          })),
          ...(agreedAt && { agreedAt }),
        };
      });
    },
    withdraw: (accountId, clientId) =>
      options.database.transaction(
        async (tx) => {
          const withdrawn = await deleteAgreement(tx, accountId, clientId);
          if (withdrawn) {
            await options.audit.append(
              tx,
              await agreementEvent(options, 'identity.attributes.withdrawn', accountId, clientId),
            );
          }
          return withdrawn;
        },
        { scope: 'all' },
      ),
  };
}

/** Notes that a person agreed to what a service outside the school receives. */
export async function agreeToAttributes(
  options: ReceiptsOptions,
  agreement: { accountId: string; clientId: string; attributes: readonly string[] },
): Promise<void> {
  const event = await agreementEvent(
    options,
    'identity.attributes.agreed',
    agreement.accountId,
    agreement.clientId,
  );
  await options.database.transaction(
    async (tx) => {
      await saveAgreement(tx, { ...agreement, now: options.clock.now() });
      await options.audit.append(tx, event);
    },
    { scope: 'all' },
  );
}

/** Names of a client in both languages. */
export function namesOf(
  clientId: string,
  metadata: Readonly<Record<string, unknown>>,
): { fr: string; en: string } {
  const read = (language: 'fr' | 'en') => {
    const name = metadata[`client_name#${language}`] ?? metadata['client_name'];
    return typeof name === 'string' ? name : clientId;
  };
  return { fr: read('fr'), en: read('en') };
}

async function agreementEvent(options: ReceiptsOptions, action: string, accountId: string, client: string) {
  const person = await options.findPerson(accountId);
  const id = person?.id as PersonId | undefined;
  return {
    controller: person?.controller ?? options.platformController,
    actor:
      id === undefined ? ({ kind: 'system', id: 'identity' } as const) : ({ kind: 'person', id } as const),
    action,
    target: { kind: 'client', id: client },
    outcome: 'success' as const,
  };
}
