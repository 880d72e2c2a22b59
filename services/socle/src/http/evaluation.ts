import { z } from 'zod';

/** A subject or resource of the information model (AuthZEN 1.0 §5). */
const typed = z.object({ type: z.string().min(1).max(128) });
/** A subject or a resource with its id. */
export const entitySchema = typed.extend({
  id: z.string().min(1).max(200),
  properties: z.record(z.string(), z.unknown()).optional(),
});
export const actionSchema = z.object({
  name: z.string().min(1).max(128),
  properties: z.record(z.string(), z.unknown()).optional(),
});
/** As a search names what it looks for: an id, when there is one, does not count (§8). */
export const soughtSchema = typed.extend({ properties: z.record(z.string(), z.unknown()).optional() });
export const contextSchema = z.record(z.string(), z.unknown());

/** One evaluation request (§6.1). */
export const evaluationSchema = z.object({
  subject: entitySchema,
  action: actionSchema,
  resource: entitySchema,
  context: contextSchema.optional(),
});
/** One of several (§7.1): what it does not say is taken from the request's own members. */
export const partialEvaluationSchema = evaluationSchema.partial();

export type Evaluation = z.infer<typeof evaluationSchema>;
