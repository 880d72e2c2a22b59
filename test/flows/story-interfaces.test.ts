import { describe, expect, it } from 'vitest';
import { joinTerritory } from '../support/running-territory.ts';

const { issuer, gradesUrl } = joinTerritory();
const json = async (address: string) => (await fetch(address)).json() as Promise<Record<string, unknown>>;

describe('what the socle tells of itself', () => {
  it('describes the interface of modules as OpenAPI 3.1, with the bodies it takes', async () => {
    const document = (await json(`${issuer}/docs`)) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>
      >;
    };
    expect(document.openapi).toMatch(/^3\.1\./);
    const paths = Object.keys(document.paths);
    expect(paths.filter((path) => path.startsWith('/scim/v2/')).length).toBeGreaterThan(5);
    expect(paths.filter((path) => !path.startsWith('/scim/v2/')).toSorted()).toEqual([
      '/access/v1/evaluation',
      '/access/v1/evaluations',
      '/access/v1/search/action',
      '/access/v1/search/resource',
      '/access/v1/search/subject',
      '/audit/v1/events',
      '/modules/v1/changes',
      '/modules/v1/divisions/{id}/members',
      '/modules/v1/facts/{sub}',
      '/modules/v1/people/{sub}',
      '/modules/v1/schools/{id}/divisions',
    ]);
    const body =
      document.paths['/access/v1/evaluation']!.post!.requestBody!.content['application/json']!.schema;
    expect(body).toMatchObject({ type: 'object', required: ['subject', 'action', 'resource'] });
  });

  it('publishes discovery, keys, AuthZEN metadata and the checkpoint of the log', async () => {
    expect(await json(`${issuer}/.well-known/openid-configuration`)).toMatchObject({
      issuer,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    const { keys } = (await json(`${issuer}/jwks`)) as { keys: Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(key).not.toHaveProperty('d');
    expect(await json(`${issuer}/.well-known/authzen-configuration`)).toMatchObject({
      policy_decision_point: issuer,
    });
    const checkpoint = await (await fetch(`${issuer}/audit/checkpoint`)).text();
    expect(checkpoint).toMatch(/^localhost:\d+\/audit\n\d+\n[A-Za-z0-9+/=]{44}\n\n— /);
  });

  it('answers liveness, readiness and metrics on both services, without a name in them', async () => {
    for (const service of [issuer, gradesUrl]) {
      expect((await fetch(`${service}/healthz`)).status, service).toBe(200);
      expect((await fetch(`${service}/readyz`)).status, service).toBe(200);
      const metrics = await (await fetch(`${service}/metrics`)).text();
      expect(metrics).toMatch(/^# HELP /m);
      expect(metrics).not.toMatch(/lanoe|noailles|@/i);
    }
    expect(await (await fetch(`${issuer}/metrics`)).text()).toMatch(/^socle_audit_log_size [1-9]/m);
  });

  it('shows the page catalogue on localhost', async () => {
    const page = await fetch(`${issuer}/pages`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/pages/tables');
    expect((await fetch(`${issuer}/pages/nothing`)).status).toBe(404);
  });
});
