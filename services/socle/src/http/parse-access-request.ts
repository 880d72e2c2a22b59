import type { z } from 'zod';
import { ServiceError } from '../errors.ts';

/** What a request says, or the first thing that is wrong with it. @throws ServiceError `request_refused` (400) */
export function parseAccessRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ServiceError('request_refused', {
    status: 400,
    publicMessage: `The access request is refused at ${issue.path.join('.') || 'its root'}: ${issue.message}.`,
  });
}
