import { startTerritory, type DemoAccount } from './territory.ts';

const VARIABLE = 'SOCLE_TEST_TERRITORY';

/** The territory that all tests of this run share. They must leave it as usable as they found it. */
export interface RunningTerritory {
  readonly issuer: string;
  readonly gradesUrl: string;
  readonly dataDir: string;
  readonly accounts: readonly DemoAccount[];
  readonly env: Readonly<Record<string, string>>;
}

/** Started once before the tests of the project `territory`, and removed after them. */
export async function setup(): Promise<() => Promise<void>> {
  const territory = await startTerritory();
  const { issuer, gradesUrl, dataDir, accounts, env } = territory;
  process.env[VARIABLE] = JSON.stringify({ issuer, gradesUrl, dataDir, accounts, env });
  return () => territory.remove();
}

/** The running territory, for a test. */
export function joinTerritory(): RunningTerritory & { account(username: string): DemoAccount } {
  const text = process.env[VARIABLE];
  if (!text)
    throw new Error(`${VARIABLE} is not set: run the tests with vitest and the repository's own config`);
  const territory = JSON.parse(text) as RunningTerritory;
  return {
    ...territory,
    account(username) {
      const found = territory.accounts.find((account) => account.username === username);
      if (!found) throw new Error(`the demo has no account ${username}`);
      return found;
    },
  };
}
