/** First degree (primary) or second (collège, lycée). */
export type Degree = '1D' | '2D';

/** The six kinds of file of the second degree; the first has no MEF and no matière. */
export type FeedType = (typeof FEED_TYPES)[number];

const FEED_TYPES = [
  'EtabEducNat',
  'MatiereEducNat',
  'MefEducNat',
  'PersEducNat',
  'Eleve',
  'PersRelEleve',
] as const;

/** What a file's name says. */
export interface FeedFileName {
  /** Whatever stands before the kind; it may hold underscores. */
  readonly project: string;
  /** From the project's name; undefined when it does not tell. */
  readonly degree?: Degree;
  readonly kind: 'complete' | 'delta';
  /** `YYYYMMDD`. */
  readonly day: string;
  readonly type: FeedType;
  /** Number of the part; parts need not follow one another. */
  readonly part: number;
}

// Read from the right: the project's name is free, and so may look like any other member.
const NAME = new RegExp(`^(.+)_(Complet|Delta)_(20\\d{6})_(${FEED_TYPES.join('|')})_(\\d{4,6})\\.xml$`);

/** Reads `<PROJET>_(Complet|Delta)_<YYYYMMDD>_<Type>_<NNNN>.xml`; undefined for any other name. */
export function parseFeedFileName(name: string): FeedFileName | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, project, kind, day, type, part] = match as unknown as [
    string,
    string,
    string,
    string,
    FeedType,
    string,
  ];
  const degree = /^ENT([12]D)/.exec(project)?.[1] as Degree | undefined;
  return {
    project,
    ...(degree ? { degree } : {}),
    kind: kind === 'Delta' ? 'delta' : 'complete',
    day,
    type,
    part: Number(part),
  };
}
