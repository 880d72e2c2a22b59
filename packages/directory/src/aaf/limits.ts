/** Bounds of what one file may hold; a feed that goes beyond is refused, whatever it says. */
export interface FeedLimits {
  readonly maxFileBytes: number;
  /** Longest run of characters without an event: bounds the memory of a DOCTYPE, a comment, a text. */
  readonly maxTokenChars: number;
  readonly maxValueChars: number;
  readonly maxAttributesPerRecord: number;
  readonly maxValuesPerAttribute: number;
}

/** Ten times what the largest known feeds hold. */
export const DEFAULT_LIMITS: FeedLimits = Object.freeze({
  maxFileBytes: 4 * 1024 ** 3,
  maxTokenChars: 256 * 1024,
  maxValueChars: 16_384,
  maxAttributesPerRecord: 200,
  maxValuesPerAttribute: 1_000,
});
