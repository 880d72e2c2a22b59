import { eye, outside, shown, type Theme } from './criterion.ts';

const NO_DOWNLOAD = 'nothing is downloaded from these pages';

/** Themes 11 to 13: forms, navigation, consultation. */
export const USE: readonly Theme[] = [
  {
    title: 'Forms',
    criteria: [
      shown('11.1', 'A field has a label'),
      eye('11.2', 'The label fits', 'labels of fields'),
      shown('11.3', 'Fields of one purpose have one label'),
      shown('11.4', 'Labels stand by their fields'),
      shown('11.5', 'Fields of one kind are grouped'),
      shown('11.6', 'A group has a legend'),
      eye('11.7', 'The legend fits', 'legends of choices and of the pictures'),
      outside('11.8', 'Items of a choice are grouped where it helps', 'no list is long'),
      eye('11.9', 'The name of a button fits', 'names of buttons; each has one'),
      shown('11.10', 'What must be filled in, and what is wrong, is told at the field'),
      eye('11.11', 'Errors come with advice', 'words of errors'),
      eye('11.12', 'What changes data can be undone, checked or confirmed', 'the story of each form'),
      shown('11.13', 'Fields about oneself say their purpose'),
    ],
  },
  {
    title: 'Navigation',
    criteria: [
      shown('12.1', 'Two ways lead through the site'),
      shown('12.2', 'The navigation keeps its place'),
      shown('12.3', 'The site map is right'),
      shown('12.4', 'The site map is reached in one way'),
      outside('12.5', 'The search is reached in one way', 'the site has no search of its pages'),
      shown('12.6', 'Landmarks can be reached or passed'),
      shown('12.7', 'A link leads past the header'),
      shown('12.8', 'The order of focus is that of the page'),
      shown('12.9', 'The keyboard is never caught'),
      outside('12.10', 'Shortcuts of one key can be turned off', 'no key is a shortcut'),
      shown('12.11', 'What unfolds is reached by keyboard'),
    ],
  },
  {
    title: 'Consultation',
    criteria: [
      eye(
        '13.1',
        'Time limits are under control',
        'sessions end without activity, for the safety of the account',
      ),
      shown('13.2', 'No window opens unasked'),
      outside('13.3', 'Documents to download have an accessible version', NO_DOWNLOAD),
      outside('13.4', 'That version says the same', NO_DOWNLOAD),
      outside('13.5', 'Drawings made of letters have an alternative', 'no such drawing'),
      outside('13.6', 'That alternative fits', 'no such drawing'),
      shown('13.7', 'Nothing flashes'),
      outside('13.8', 'What moves can be stopped', 'nothing moves for longer than a blink'),
      shown('13.9', 'The device may be held either way'),
      outside('13.10', 'A gesture has a simple twin', 'no gesture is asked for'),
      shown('13.11', 'A press can be taken back'),
      outside('13.12', 'Moving the device has a twin', 'nothing listens to motion'),
    ],
  },
];
