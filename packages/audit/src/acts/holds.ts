import type { EventId } from '@socle/base';
import { carryOut, type ActOptions } from './carry-out.ts';

export interface HoldOptions extends ActOptions {
  /** First day whose content must stay, `YYYY-MM-DD` in UTC. */
  readonly from: string;
  /** Last such day. */
  readonly to: string;
  /** Why, as a short code. */
  readonly reason: string;
}

/** Forbids every deletion of these days' content until the hold is lifted. @returns the hold's id. @throws as `carryOut`. */
export async function placeHold(options: HoldOptions): Promise<EventId> {
  const { from, to, reason } = options;
  const { orderId } = await carryOut(
    options,
    { action: 'audit.hold.placed', reason, detail: { from, to } },
    'place_hold',
  );
  return orderId;
}

/** Lifts a hold. @returns false when there is none of this id, or it was lifted before. @throws as `carryOut`. */
export async function liftHold(
  options: ActOptions & { readonly hold: EventId; readonly reason: string },
): Promise<boolean> {
  const { hold, reason } = options;
  const { result } = await carryOut<boolean>(
    options,
    { action: 'audit.hold.lifted', reason, detail: { hold } },
    'lift_hold',
  );
  return result;
}
