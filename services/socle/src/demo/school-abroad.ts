/**
 * A French school abroad, its own controller, in no feed: made through the directory's writers.
 * A small world of its own, to see that nothing of one controller shows in another.
 */
export const demoSchoolAbroad = {
  controller: { code: 'owner:baobabs', name: 'Association Les Baobabs', kind: 'owner' },
  academy: { code: 'ETR', name: 'Établissements français à l’étranger', region: 'etranger' },
  school: {
    uai: '2990001B',
    name: 'Lycée français Les Baobabs',
    kind: 'college',
    degree: '2D',
    language: 'fr',
    timeZone: 'Indian/Antananarivo',
  },
  division: { kind: 'class', code: '4EME', name: 'Quatrième' },
  subject: { code: '061300', name: 'Mathématiques' },
  /** `birthYearsBefore` counts calendar years before the school year; the day is 15 March. */
  people: [
    {
      username: 'naivo.rakotoarisoa',
      givenName: 'Naivo',
      familyName: 'Rakotoarisoa',
      role: 'head',
      secondFactor: true,
      note: 'Proviseur de l’établissement à l’étranger',
    },
    {
      username: 'mathilde.bellerive',
      givenName: 'Mathilde',
      familyName: 'Bellerive',
      role: 'teacher',
      teachesDivision: true,
      secondFactor: false,
      note: 'Enseignante de mathématiques à l’étranger',
    },
    {
      username: 'thi-mai.ranarison',
      givenName: 'Thi-Mai',
      familyName: 'Ranarison',
      role: 'pupil',
      memberOfDivision: true,
      birthYearsBefore: 13,
      secondFactor: false,
      note: 'Élève de quatrième à l’étranger',
    },
    {
      username: 'joseph.ranarison',
      givenName: 'Joseph',
      familyName: 'Ranarison',
      role: 'guardian',
      /** Username of the child; legal guardian, joint exercise. */
      guardianOf: 'thi-mai.ranarison',
      secondFactor: false,
      note: 'Père de Thi-Mai',
    },
  ],
} as const;
