export { IMPORTED_AT, openTestDirectory, type TestDirectory } from './testing/open-directory.ts';
export { SAMPLE, writeFeedSample, type FeedSample, type SampleRecord } from './testing/write-feed-sample.ts';
