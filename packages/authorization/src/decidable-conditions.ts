import { conditions } from './conditions.ts';
import type { Environment, Resource } from './facts.ts';
import type { Subject } from './subject.ts';

const EPOCH = new Date(0);

/** Stands for a person of whom nothing is known: whoever asks it anything learns that. */
const UNKNOWN_SUBJECT = new Proxy({} as Subject, {
  get() {
    throw new AskedThePerson();
  },
});

class AskedThePerson extends Error {}

/** Whether a condition holds, when the thing and the session settle it; undefined when it asks about the person. */
export function isTrueOf(
  condition: string,
  resource: Omit<Resource, 'type'>,
  environment: Omit<Environment, 'now'>,
): boolean | undefined {
  try {
    return conditions.get(condition)?.(
      UNKNOWN_SUBJECT,
      { ...resource, type: '' },
      { ...environment, now: EPOCH },
    );
  } catch (error) {
    if (error instanceof AskedThePerson) return undefined;
    throw error;
  }
}
