/** Join keys (ENTPersonJointure) of the demo people, outside the ranges of the invented crowd. */
export const KEY = Object.freeze({
  zoe: '9000001',
  malo: '9000002',
  come: '9000003',
  celestine: '9000004',
  ibrahim: '9000005',
  helene: '9100001',
  etienne: '9100002',
  loic: '9100003',
  berenice: '9100004',
  solene: '9100005',
  fatou: '9100006',
  raphaelle: '900001',
  gregoire: '900002',
  aicha: '900003',
  timothee: '900004',
  francoise: '900005',
  joel: '900006',
  ophelie: '900007',
});

/** Join keys of the three schools, in the order of the plan. */
export const SCHOOL_KEY = Object.freeze({ primary: '101', college: '102', lycee: '103' });

/** National numbers (UAI) of the three schools; a test compares them with what the generator computes. */
export const UAI = Object.freeze({ primary: '0990001N', college: '0990002P', lycee: '0990003R' });
