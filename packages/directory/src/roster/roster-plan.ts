import type { ControllerId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { RosterSchool } from './roster-record.ts';

export type RosterFormat = 'csv' | 'oneroster';

/** Where feeds that are not AAF come from: one name, one controller, one name space of keys. */
export interface FeedSource {
  readonly name: string;
  readonly format: RosterFormat;
  readonly controller: ControllerId;
}

/** The source of a feed that is read but not applied: it may be new, and its controller too. */
export interface WantedSource {
  readonly name: string;
  readonly format: RosterFormat;
  readonly controller: { readonly id: ControllerId } | { readonly code: string; readonly name: string };
}

/** What applying a roster needs beside the staged rows. */
export interface RosterPlan {
  readonly wanted: WantedSource;
  readonly schools: ReadonlyMap<string, RosterSchool>;
  /** Runs in the opening transaction, when the feed is applied. */
  readonly keep?: (tx: Tx) => Promise<void>;
}

/** A plan whose source is written down. */
export interface BoundRoster {
  readonly source: FeedSource;
  readonly schools: ReadonlyMap<string, RosterSchool>;
}
