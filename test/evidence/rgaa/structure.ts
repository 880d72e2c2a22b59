import { eye, outside, shown, type Theme } from './criterion.ts';

const NOTHING_MORE = 'nothing appears under the pointer or by focus';

/** Themes 8 to 10: what every page must have, structure, presentation. */
export const STRUCTURE: readonly Theme[] = [
  {
    title: 'Mandatory elements',
    criteria: [
      shown('8.1', 'The page has a document type'),
      shown('8.2', 'The source is valid for that type'),
      shown('8.3', 'The page has a language'),
      shown('8.4', 'The language’s code is right'),
      shown('8.5', 'The page has a title'),
      shown('8.6', 'The title tells this page from the others'),
      shown('8.7', 'A change of language is marked'),
      shown('8.8', 'The mark of the other language is right'),
      shown('8.9', 'Elements are not used for their look alone'),
      outside('8.10', 'A change of reading direction is marked', 'French and English read from the left'),
    ],
  },
  {
    title: 'Structure',
    criteria: [
      shown('9.1', 'Headings structure the page'),
      shown('9.2', 'Landmarks structure the document'),
      shown('9.3', 'Lists are marked as lists'),
      outside('9.4', 'Quotations are marked', 'nothing is quoted'),
    ],
  },
  {
    title: 'Presentation',
    criteria: [
      shown('10.1', 'Style sheets make the look'),
      shown('10.2', 'What is said stays without style sheets'),
      shown('10.3', 'What is said keeps its order without style sheets'),
      shown('10.4', 'Text reads at 200 %'),
      shown('10.5', 'Colours of text come with their background'),
      shown('10.6', 'Links within text can be told by eye'),
      shown('10.7', 'The focus is seen'),
      shown('10.8', 'What is hidden is hidden for all'),
      eye('10.9', 'Nothing is said by shape, size or place alone', 'words of instructions'),
      eye('10.10', 'What is said by shape, size or place is said otherwise too', 'words of instructions'),
      shown('10.11', 'At 320 px nothing scrolls sideways'),
      shown('10.12', 'Spaces of text may grow without loss'),
      outside('10.13', 'What appears by pointer or focus is under control', NOTHING_MORE),
      outside('10.14', 'What appears by style alone is reached by keyboard', NOTHING_MORE),
    ],
  },
];
