/** Numbers of the independent random streams: one for each kind of thing that is drawn by index. */
export const STREAM = Object.freeze({
  school: 1,
  family: 2,
  familyNames: 3,
  staff: 4,
  familyYear: 5,
  staffYear: 6,
});
