import { SCIM_MAX_RESULTS, SCIM_RESOURCE_TYPES, SCIM_SCHEMA_DOCUMENTS } from '@socle/directory';

/** RFC 7643 §5: what this service provider can do, and nothing it cannot. */
export function buildServiceProviderConfig(baseUrl: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: SCIM_MAX_RESULTS },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth 2.0 client credentials',
        description: 'An access token of a registered client, for this resource and the scope "scim"',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** RFC 7643 §6. */
export function buildResourceTypes(baseUrl: string) {
  return SCIM_RESOURCE_TYPES.map(({ name, path, schema, extension }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint: path,
    schema,
    schemaExtensions: [{ schema: extension, required: false }],
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  }));
}

/** RFC 7643 §7. */
export function buildSchemas(baseUrl: string) {
  return SCIM_SCHEMA_DOCUMENTS.map((schema) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  }));
}

/** A list of all there is (RFC 7644 §4: these are not filtered nor paged). */
export function buildListResponse(resources: readonly unknown[]) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
