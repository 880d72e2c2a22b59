import { eye, outside, shown, type Theme } from './criterion.ts';

const NO_CAPTCHA = 'no picture tests whether one is human: proof of work asks the machine';
const NO_MEDIA = 'no sound, video or animation';
const NO_LAYOUT_TABLE = 'no table is there for its layout';

/** Themes 1 to 7: pictures, frames, colours, media, tables, links, scripts. */
export const CONTENT: readonly Theme[] = [
  {
    title: 'Images',
    criteria: [
      shown('1.1', 'A picture that says something has an alternative'),
      shown('1.2', 'A decoration is not read out'),
      eye(
        '1.3',
        'The alternative fits the picture',
        'pictures that say something: the drawing of a key to scan',
      ),
      outside('1.4', 'The alternative of a CAPTCHA says what it is', NO_CAPTCHA),
      outside('1.5', 'A CAPTCHA has another way', NO_CAPTCHA),
      shown('1.6', 'A picture that needs a detailed description has one'),
      eye('1.7', 'The detailed description fits', 'the key beside its drawing'),
      outside(
        '1.8',
        'Words are text, not pictures of text',
        'no picture of text but logos, whose name stands beside',
      ),
      outside('1.9', 'A caption is tied to its picture', 'no picture has a caption'),
    ],
  },
  {
    title: 'Frames',
    criteria: [
      outside('2.1', 'A frame has a title', 'no frames: the content security policy forbids them'),
      outside('2.2', 'The title of a frame fits', 'no frames'),
    ],
  },
  {
    title: 'Colours',
    criteria: [
      eye('3.1', 'Nothing is said by colour alone', 'errors and states carry words and icons'),
      shown('3.2', 'Text stands out from its background'),
      shown('3.3', 'Edges of controls stand out from what is around them'),
    ],
  },
  {
    title: 'Media',
    criteria: [
      outside('4.1', 'Recorded media have a transcript or audio description', NO_MEDIA),
      outside('4.2', 'The transcript fits', NO_MEDIA),
      outside('4.3', 'Recorded media have captions', NO_MEDIA),
      outside('4.4', 'The captions fit', NO_MEDIA),
      outside('4.5', 'Recorded media have an audio description', NO_MEDIA),
      outside('4.6', 'The audio description fits', NO_MEDIA),
      outside('4.7', 'Recorded media can be told', NO_MEDIA),
      outside('4.8', 'Other media have an alternative', NO_MEDIA),
      outside('4.9', 'That alternative fits', NO_MEDIA),
      outside('4.10', 'Sound that starts by itself can be stopped', NO_MEDIA),
      outside('4.11', 'Playing is controlled by keyboard and pointer', NO_MEDIA),
      outside('4.12', 'Other media are controlled by keyboard and pointer', NO_MEDIA),
      outside('4.13', 'Media suit assistive technologies', NO_MEDIA),
    ],
  },
  {
    title: 'Tables',
    criteria: [
      outside('5.1', 'A complex table has a summary', 'every table has one row of headers'),
      outside('5.2', 'The summary of a table fits', 'no complex table'),
      outside('5.3', 'A layout table reads well line by line', NO_LAYOUT_TABLE),
      shown('5.4', 'A table’s title is tied to it'),
      eye('5.5', 'The title of a table fits', 'titles of the tables of devices, services and passkeys'),
      shown('5.6', 'Headers of rows and columns are marked'),
      shown('5.7', 'Cells are tied to their headers'),
      outside('5.8', 'A layout table uses nothing of data tables', NO_LAYOUT_TABLE),
    ],
  },
  {
    title: 'Links',
    criteria: [eye('6.1', 'A link says where it leads', 'names of links'), shown('6.2', 'A link has a name')],
  },
  {
    title: 'Scripts',
    criteria: [
      shown('7.1', 'Scripts suit assistive technologies: names, roles, states'),
      shown('7.2', 'What a script does has an alternative that fits'),
      shown('7.3', 'What a script does is reached by keyboard and pointer'),
      shown('7.4', 'A change of context is announced or asked for'),
      shown('7.5', 'Status messages are announced'),
    ],
  },
];
