/** The members of a resource that an object type can require. */
export const MEMBERS = [
  'id',
  'school',
  'academy',
  'region',
  'division',
  'subject',
  'pupil',
  'owner',
] as const;
type ResourceMember = (typeof MEMBERS)[number];

/** How much harm a disclosure does: `special` is art. 9 GDPR, `security` what protects the system. */
export const SENSITIVITIES = ['public', 'internal', 'personal', 'special', 'security'] as const;

/** A type of thing that is acted on. */
export interface ObjectType {
  readonly name: string;
  readonly says: string;
  /** The room that answers for it. */
  readonly owner: string;
  readonly sensitivity: (typeof SENSITIVITIES)[number];
  /** Whether such a thing always lives in one school. */
  readonly placed: 'school' | 'territory';
  /** The members that the module must give. */
  readonly needs: readonly ResourceMember[];
  /** The member of which `id` is another name. */
  readonly idIs: ResourceMember | undefined;
  readonly actions: readonly string[];
}
