import type { EventNumber } from '@socle/audit';
import { isUuid } from '@socle/base';
import type { Visit } from '../../visit.ts';
import { PURPOSES } from '../../dpo/access/question.ts';

/** What the address of the page asks. */
export interface DecisionQuestion {
  /** As it was written, for the form to show it again. */
  readonly written: string;
  /** Undefined when what was written is no number of the log. */
  readonly number?: EventNumber;
  /** Undefined until it was chosen: nothing is read then. */
  readonly purpose?: (typeof PURPOSES)[number];
}

const LEAF = /^\d{1,15}$/;
const LONGEST = 40;

/** Reads the address: the place in the log, or the id of the event. */
export function readDecisionQuestion(visit: Pick<Visit, 'query'>): DecisionQuestion {
  const written = (visit.query('number') ?? '').trim().slice(0, LONGEST);
  const purpose = PURPOSES.find((name) => name === visit.query('purpose'));
  const id = written.toLowerCase();
  const number = LEAF.test(written) ? { leaf: Number(written) } : isUuid(id) ? { id } : undefined;
  return {
    written,
    ...(number === undefined ? {} : { number }),
    ...(purpose === undefined ? {} : { purpose }),
  };
}
