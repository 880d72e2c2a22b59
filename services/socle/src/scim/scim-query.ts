import { z } from 'zod';
import { parseProjection, type Projection, type ScimQuery } from '@socle/directory';
import { ServiceError } from '../errors.ts';

const paths = z.union([z.string(), z.array(z.string())]).transform((value) =>
  (Array.isArray(value) ? value : [value])
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== ''),
);
const whole = z.coerce.number().int();

/** Parameters of a query, in an address or in the body of `.search` (RFC 7644 §3.4.2 and §3.4.3). */
export const scimQuerySchema = z.object({
  filter: z.string().optional(),
  sortBy: z.string().optional(),
  sortOrder: z.enum(['ascending', 'descending']).optional(),
  startIndex: whole.optional(),
  count: whole.optional(),
  attributes: paths.optional(),
  excludedAttributes: paths.optional(),
});

/** Reads a query. @throws ServiceError `request_refused`; DirectoryError `scim_path_invalid`. */
export function readScimQuery(input: unknown): {
  readonly query: ScimQuery;
  readonly projection: Projection;
} {
  const parsed = scimQuerySchema.safeParse(input ?? {});
  if (!parsed.success) {
    throw new ServiceError('request_refused', {
      status: 400,
      publicMessage: 'startIndex and count are whole numbers, sortOrder is ascending or descending.',
      details: { scimType: 'invalidValue' },
    });
  }
  const { attributes, excludedAttributes, ...rest } = parsed.data;
  const query = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as ScimQuery;
  const projection = parseProjection({
    ...(attributes ? { attributes } : {}),
    ...(excludedAttributes ? { excludedAttributes } : {}),
  });
  return { query, projection };
}
