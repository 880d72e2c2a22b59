/**
 * API Activity (6003) of OCSF 1.5.0 as JSON Schema, as far as exports use it: members that the class requires, the
 * values of its enumerations, the "at least one of" constraints of its objects, and no member that they do not have.
 * Written from schema.ocsf.io/1.5.0/classes/api_activity.
 */
const text = { type: 'string', minLength: 1 } as const;

export const ocsfSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: [
    'activity_id',
    'actor',
    'api',
    'category_uid',
    'class_uid',
    'metadata',
    'severity_id',
    'src_endpoint',
    'time',
    'type_uid',
  ],
  properties: {
    activity_id: { enum: [0, 1, 2, 3, 4, 99] },
    activity_name: text,
    actor: {
      type: 'object',
      additionalProperties: false,
      anyOf: [{ required: ['user'] }, { required: ['app_name'] }, { required: ['session'] }],
      properties: {
        user: { type: 'object', additionalProperties: false, required: ['uid'], properties: { uid: text } },
        app_name: text,
        session: { type: 'object', additionalProperties: false, properties: { uid: text } },
      },
    },
    api: {
      type: 'object',
      additionalProperties: false,
      required: ['operation'],
      properties: { operation: text },
    },
    category_uid: { const: 6 },
    class_uid: { const: 6003 },
    message: text,
    metadata: {
      type: 'object',
      additionalProperties: false,
      required: ['product', 'version'],
      properties: {
        version: { const: '1.5.0' },
        product: {
          type: 'object',
          additionalProperties: false,
          required: ['vendor_name', 'name'],
          properties: { name: text, vendor_name: text },
        },
        uid: text,
        sequence: { type: 'integer', minimum: 0 },
        tenant_uid: text,
        correlation_uid: text,
      },
    },
    resources: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['uid'],
        properties: { uid: text, type: text },
      },
    },
    severity_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
    src_endpoint: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: text },
    },
    status_id: { enum: [0, 1, 2, 99] },
    status_code: text,
    status_detail: text,
    time: { type: 'integer', minimum: 0 },
    type_uid: { enum: [600300, 600301, 600302, 600303, 600304, 600399] },
    unmapped: { type: 'object' },
  },
  allOf: [
    {
      if: { properties: { activity_id: { const: 99 } }, required: ['activity_id'] },
      then: { required: ['activity_name'] },
    },
  ],
} as const;
