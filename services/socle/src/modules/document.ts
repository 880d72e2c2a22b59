import { z } from 'zod';
import { ServiceError } from '../errors.ts';

const label = z.strictObject({ fr: z.string().min(1).max(200), en: z.string().min(1).max(200) });

const detailKind = z.enum([
  'id',
  'code',
  'codes',
  'integer',
  'number',
  'boolean',
  'instant',
  'day',
  'digest',
]);

const action = z.strictObject({
  class: z.enum(['A', 'B', 'C']),
  title: label,
  detail: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,40}\??$/), detailKind),
});

/** The registration document of a school module: its OIDC client, its tile, and the events it may append. */
const moduleDocumentSchema = z.strictObject({
  client: z.record(z.string(), z.unknown()),
  module: z
    .strictObject({
      id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
      title: label,
      description: label,
      icon: z.string().regex(/^[a-z0-9-]{1,40}$/),
      url: z.url({ protocol: /^https?$/ }),
      roles: z.array(z.string().regex(/^[a-z_]{1,40}$/)).min(1),
      actions: z.record(z.string(), action),
    })
    .refine(
      (module) => Object.keys(module.actions).every((name) => name.startsWith(`${module.id}.`)),
      'every action must start with the id of the module and a dot',
    ),
});

export type ModuleDocument = z.infer<typeof moduleDocumentSchema>;
export type SchoolModule = ModuleDocument['module'];

/**
 * Reads the registration document of a module.
 *
 * @throws ServiceError `module_document_refused` that names the first wrong member.
 */
export function parseModuleDocument(value: unknown): ModuleDocument {
  const parsed = moduleDocumentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ServiceError('module_document_refused', {
    status: 400,
    publicMessage: `The module's document is refused at ${issue.path.join('.') || 'its root'}: ${issue.message}.`,
  });
}
