import type { FastifyPluginAsync } from 'fastify';
import type { Changes } from '../distribution/changes.ts';
import type { PoliciesInForce } from '../distribution/policies-in-force.ts';

export interface PolicyRoutesOptions {
  readonly policies: PoliciesInForce;
  readonly changes: Changes;
}

const MAX_WAIT_SECONDS = 25;

/**
 * `/policies/bundle`: the signed bundle in force. With `If-None-Match` the answer is 304 while it is the same; with
 * `Prefer: wait=N` (RFC 7240 §4.3) the answer waits up to N seconds, 25 at most, for another one.
 * `/policies/keys`: the public keys by which bundles are signed. Both are public: policies hold no personal data.
 */
export function buildPolicyRoutes({ policies, changes }: PolicyRoutesOptions): FastifyPluginAsync {
  const tag = (): string => `"${policies.number}-${policies.engine.policies.digest.slice(0, 16)}"`;
  return async (app) => {
    app.get('/policies/bundle', async (request, reply) => {
      const known = request.headers['if-none-match'];
      const isSame = (): boolean => known !== undefined && known === tag();
      const seconds = Math.min(readWait(request.headers['prefer']), MAX_WAIT_SECONDS);
      if (isSame() && seconds > 0) await changes.wait(isSame, seconds * 1000);
      void reply.header('etag', tag()).header('cache-control', 'no-cache');
      if (isSame()) return reply.code(304).send();
      return reply.type('application/json; charset=utf-8').send(policies.delivery);
    });

    app.get('/policies/keys', async (_request, reply) => {
      void reply.header('cache-control', 'public, max-age=300');
      return { keys: policies.publicPems };
    });
  };
}

function readWait(prefer: string | string[] | undefined): number {
  const found = /(?:^|[\s,;])wait=(\d{1,4})(?:$|[\s,;])/.exec(String(prefer ?? ''));
  return found ? Number(found[1]) : 0;
}
