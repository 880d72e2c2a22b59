import type { AuditAppender } from '@socle/audit';
import type { PersonId } from '@socle/base';

/** Who writes: a person, or a job of the service under its name (`import`, `demo`). */
export type Author =
  | { readonly kind: 'person'; readonly id: PersonId }
  | { readonly kind: 'system'; readonly id: string }
  | { readonly kind: 'client'; readonly id: string };

/** What every writer needs beside the transaction. */
export interface WriteContext {
  readonly audit: AuditAppender;
  readonly author: Author;
  readonly at: Date;
}
