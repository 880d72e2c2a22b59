import type { ActionDefinition } from '../actions.ts';
import type { ExportRow } from './export-store.ts';
import type { StoredPayload } from './stored-payload.ts';

/** The version of the Open Cybersecurity Schema Framework that exports follow. */
const OCSF_VERSION = '1.5.0';

/** API Activity, of the category Application Activity. */
const CATEGORY = 6;
const CLASS = 6003;

const ACTIVITIES: Readonly<Record<string, number>> = {
  created: 1,
  opened: 1,
  registered: 1,
  granted: 1,
  issued: 1,
  imported: 1,
  entered: 1,
  assigned: 1,
  joined: 1,
  placed: 1,
  read: 2,
  searched: 2,
  exported: 2,
  listed: 2,
  changed: 3,
  corrected: 3,
  updated: 3,
  published: 3,
  reset: 3,
  rotated: 3,
  suspended: 3,
  resumed: 3,
  deleted: 4,
  ended: 4,
  revoked: 4,
  lifted: 4,
  redacted: 4,
  purged: 4,
  forgotten: 4,
};
const OTHER = 99;
const SEVERITIES: Readonly<Record<string, number>> = { success: 1, denied: 2, error: 3 };

/** An event as an OCSF API Activity (6003); what OCSF has no place for stands in `unmapped`. */
export function buildOcsfEvent(
  row: ExportRow,
  payload: StoredPayload,
  actions: ReadonlyMap<string, ActionDefinition>,
): Readonly<Record<string, unknown>> {
  const verb = payload.action.slice(payload.action.lastIndexOf('.') + 1);
  const activity = Object.hasOwn(ACTIVITIES, verb) ? ACTIVITIES[verb]! : OTHER;
  return {
    activity_id: activity,
    ...(activity === OTHER ? { activity_name: verb } : {}),
    actor: buildActor(payload),
    api: { operation: payload.action },
    category_uid: CATEGORY,
    class_uid: CLASS,
    message: actions.get(payload.action)?.title.en ?? payload.action,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Socle', vendor_name: 'Socle' },
      uid: payload.id,
      sequence: row.leaf_index,
      tenant_uid: payload.controller,
      ...(payload.correlation === undefined ? {} : { correlation_uid: payload.correlation }),
    },
    ...(payload.target ? { resources: [{ uid: payload.target.id, type: payload.target.kind }] } : {}),
    severity_id: SEVERITIES[payload.outcome] ?? 0,
    // a truncated address is a network and no `ip`
    src_endpoint: { name: payload.network?.address ?? 'unknown' },
    status_id: payload.outcome === 'success' ? 1 : 2,
    ...(payload.outcome === 'success' ? {} : { status_code: payload.outcome }),
    ...(payload.reason === undefined ? {} : { status_detail: payload.reason }),
    time: Date.parse(payload.ts),
    type_uid: CLASS * 100 + activity,
    unmapped: {
      class: row.class,
      ...(payload.purpose === undefined ? {} : { purpose: payload.purpose }),
      ...(payload.network?.agent === undefined ? {} : { agent_hash: payload.network.agent }),
      ...(payload.actor.onBehalfOf === undefined ? {} : { on_behalf_of: payload.actor.onBehalfOf }),
      ...(Object.keys(payload.detail).length === 0 ? {} : { detail: payload.detail }),
    },
  };
}

function buildActor({ actor, session }: StoredPayload): Readonly<Record<string, unknown>> {
  return {
    ...(actor.kind === 'person' ? { user: { uid: actor.id } } : { app_name: actor.id }),
    ...(session === undefined ? {} : { session: { uid: session } }),
  };
}
