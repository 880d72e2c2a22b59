import { isSocleError, type Clock, type Log } from '@socle/base';
import { z } from 'zod';
import { invalidAnswer, refusedModule } from '../socle/http.ts';
import type { SocleCalls } from '../socle/module-token.ts';
import type { FactsHolder } from './facts-holder.ts';
import type { PolicyHolder } from './policy-holder.ts';

/** Follows what changes at the socle: facts, policies, ended sessions. */
export interface Follower {
  /** When the socle last said how things stand, in milliseconds; undefined before it ever did. */
  readonly contactAt: number | undefined;
  /** The revision of facts that was heard of last. */
  readonly revision: number;
  start(): void;
  stop(): Promise<void>;
}

export interface FollowerOptions {
  readonly issuer: string;
  readonly calls: SocleCalls;
  readonly policies: PolicyHolder;
  readonly facts: FactsHolder;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the module's sessions of these `sid`. */
  readonly endSessions: (sids: readonly string[]) => Promise<void>;
}

/** The socle keeps a question open for so long when nothing changes. */
const WAIT_SECONDS = 20;
const RETRY_MS = [100, 250, 500, 1_000, 2_000, 5_000] as const;

const changesSchema = z.object({
  revision: z.number().int(),
  people: z.array(z.string().min(1).max(200)).or(z.literal('everybody')),
  policies: z.number().int(),
  sessions: z.string().regex(/^\d{1,19}$/),
  ended: z.array(z.string().min(1).max(200)),
});

export function openFollower(options: FollowerOptions): Follower {
  const { calls, policies, facts, clock, log } = options;
  const base = options.issuer.replace(/\/$/, '');
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let contactAt: number | undefined;
  let revision = 0;
  let sessions: string | undefined;

  /** @param waitSeconds How long the socle may keep the question open when nothing changed. */
  async function round(waitSeconds: number): Promise<void> {
    const url = new URL(`${base}/modules/v1/changes`);
    const known = policies.current?.number ?? 0;
    url.searchParams.set('since', String(revision));
    url.searchParams.set('policies', String(known));
    if (sessions !== undefined) url.searchParams.set('sessions', sessions);
    url.searchParams.set('wait', String(waitSeconds));
    const answer = await calls.request({
      method: 'GET',
      url,
      timeoutMs: (WAIT_SECONDS + 10) * 1000,
      signal: stopping.signal,
    });
    if (answer.status !== 200) throw refusedModule(answer);
    const parsed = changesSchema.safeParse(answer.body);
    if (!parsed.success) throw invalidAnswer('changes');
    const told = parsed.data;
    facts.drop(told.people, told.revision);
    if (told.policies !== known && (await policies.refresh())) facts.drop('everybody', told.revision);
    if (told.ended.length > 0) await options.endSessions(told.ended);
    // Only now: what failed on the way is told again.
    ({ revision, sessions } = told);
    contactAt = clock.now().getTime();
  }

  async function run(): Promise<void> {
    let failures = 0;
    // The first answer of a run, and the first after silence, come at once: they say where to go on from, and that the
    // socle is there again, though nothing changed.
    let waitSeconds = 0;
    while (!stopping.signal.aborted) {
      try {
        await round(waitSeconds);
        failures = 0;
        waitSeconds = WAIT_SECONDS;
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (failures === 0)
          log.warn(
            { code: isSocleError(error) ? error.code : 'internal' },
            'the socle is not heard; tried again',
          );
        await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!, stopping.signal);
        failures += 1;
        waitSeconds = 0;
      }
    }
  }

  return {
    get contactAt() {
      return contactAt;
    },
    get revision() {
      return revision;
    },
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
  });
}
