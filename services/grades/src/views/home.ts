import {
  badge,
  buttonLink,
  card,
  emptyState,
  grid,
  html,
  section,
  tileGrid,
  type Flash,
  type Fragment,
} from '@socle/pages';
import type { DirectoryPerson, Division } from '@socle/client';
import type { Assessment } from '../domain/assessment.ts';
import type { PupilMarks } from '../reading/pupil-marks.ts';
import type { DivisionSummary, HeadSchool } from '../reading/head-home.ts';
import type { DraftSummary, PlaceSummary, TeacherHome } from '../reading/teacher-home.ts';
import { findLatest } from './pupil-marks.ts';
import type { View, Wording } from './view.ts';
import { sayDay, sayMark } from './words.ts';

type Child = DirectoryPerson['children'][number];

/** What the first page of this person shows; members that are undefined are not for them. */
export interface HomeContent {
  readonly teacher: TeacherHome | undefined;
  /** The draft that was just deleted. */
  readonly deleted: Assessment | undefined;
  readonly headTeacherOf: readonly Division[];
  readonly children: readonly { readonly child: Child; readonly marks: PupilMarks }[] | undefined;
  /** Those the person heads. */
  readonly schools: readonly HeadSchool[];
  readonly isPupil: boolean;
}

/** The first page: what waits, then the classes, then the children. */
export function renderHome(wording: Wording, content: HomeContent): View {
  const { strings } = wording;
  const { teacher, children, headTeacherOf } = content;
  const sections: Fragment[] = [];
  if (teacher) sections.push(...teacherSections(wording, teacher));
  if (headTeacherOf.length > 0) sections.push(headTeacherSection(wording, headTeacherOf));
  if (children) sections.push(childrenSection(wording, children, teacher !== undefined));
  if (content.isPupil) {
    sections.push(card({ title: strings.pupil.mine, icon: 'notebook', href: '/mine' }));
  }
  for (const school of content.schools)
    sections.push(...headSections(wording, school, content.schools.length > 1));
  if (sections.length === 0) {
    const { noPlaceTitle: title, noPlaceText: text } = strings.home;
    sections.push(emptyState({ icon: 'help-circle', title, text }));
  }
  return {
    title: teacher
      ? strings.home.title
      : content.schools.length > 0
        ? strings.home.headTitle
        : children
          ? strings.children.title
          : strings.module.name,
    ...(teacher && teacher.places.length > 0 ? { actions: createLink(wording) } : {}),
    ...(content.deleted ? { flash: [deletedFlash(wording, content.deleted)] } : {}),
    body: sections,
  };
}

function createLink({ strings }: Wording): Fragment {
  return buttonLink({ label: strings.home.create, href: '/assessments/new', kind: 'primary', icon: 'plus' });
}

function deletedFlash({ strings, csrf }: Wording, deleted: Assessment): Flash {
  return {
    kind: 'good',
    title: strings.delete.done(deleted.title),
    text: strings.delete.undo,
    undo: {
      action: `/assessments/${deleted.id}/restore`,
      fields: { _csrf: csrf },
      label: strings.delete.undoButton,
    },
  };
}

function teacherSections(wording: Wording, { drafts, places }: TeacherHome): Fragment[] {
  const { strings } = wording;
  if (places.length === 0) {
    const { emptyTitle: title, emptyText: text } = strings.home;
    return [emptyState({ icon: 'school', title, text })];
  }
  const classes = section({
    title: strings.home.classes,
    body: grid(places.map((place) => placeCard(wording, place))),
  });
  if (drafts.length === 0) return [classes];
  const toFinish = section({
    title: strings.home.toFinish,
    lead: strings.home.toFinishLead,
    body: grid(drafts.map((draft) => draftCard(wording, draft))),
  });
  return [toFinish, classes];
}

function draftCard(wording: Wording, { assessment, entered }: DraftSummary): Fragment {
  const { strings } = wording;
  const sheet = `/assessments/${assessment.id}`;
  return card({
    title: assessment.title,
    level: 3,
    href: sheet,
    note: `${assessment.divisionName} · ${assessment.subjectName} · ${sayDay(wording, assessment.heldOn)}`,
    body: html`<p>${badge(strings.home.entered(entered), entered > 0 ? 'accent' : 'neutral', 'pencil')}</p>`,
    actions: [
      buttonLink({ label: strings.home.continue, href: sheet, kind: 'secondary', about: assessment.title }),
      entered > 0
        ? buttonLink({
            label: strings.sheet.publish,
            href: `${sheet}/publish`,
            kind: 'quiet',
            about: assessment.title,
          })
        : null,
    ],
  });
}

function placeCard(wording: Wording, { division, subject, total, latest }: PlaceSummary): Fragment {
  const { strings } = wording;
  return card({
    title: `${division.name} · ${subject.name}`,
    level: 3,
    href: `/classes/${division.id}?subject=${encodeURIComponent(subject.id)}`,
    icon: 'users-group',
    note: total === 0 ? strings.home.noAssessment : strings.home.assessments(total),
    ...(latest ? { body: strings.home.last(latest.title, sayDay(wording, latest.heldOn)) } : {}),
  });
}

function headTeacherSection({ strings }: Wording, divisions: readonly Division[]): Fragment {
  const cards = divisions.map((division) =>
    card({
      title: division.name,
      level: 3,
      href: `/classes/${division.id}`,
      icon: 'chart-bar',
      note: strings.home.headTeacherLead(division.name),
    }),
  );
  return section({ title: strings.home.headTeacher, body: grid(cards) });
}

function headSections(wording: Wording, school: HeadSchool, named: boolean): Fragment[] {
  const words = wording.strings.home;
  if (school.divisions.length === 0) {
    return [emptyState({ icon: 'school', title: words.headEmptyTitle, text: words.headEmptyText })];
  }
  const classes = school.divisions.filter(({ division }) => division.kind === 'class');
  const groups = school.divisions.filter(({ division }) => division.kind !== 'class');
  const title = (title: string): string => (named ? `${school.name} · ${title}` : title);
  return [
    ...(classes.length === 0
      ? []
      : [
          section({
            title: title(words.headClasses),
            lead: words.headLead,
            body: tileGrid(classes.map((each) => divisionTile(wording, each))),
          }),
        ]),
    ...(groups.length === 0
      ? []
      : [
          section({
            title: title(words.headGroups),
            body: tileGrid(groups.map((each) => divisionTile(wording, each))),
          }),
        ]),
  ];
}

function divisionTile(wording: Wording, { division, published, latest }: DivisionSummary) {
  const words = wording.strings.home;
  return {
    title: division.name,
    href: `/classes/${division.id}`,
    icon: division.kind === 'class' ? 'users-group' : 'users',
    description: latest
      ? words.last(`${latest.subjectName}, ${latest.title}`, sayDay(wording, latest.heldOn))
      : words.noPublished,
    ...(published > 0 ? { news: words.published(published) } : {}),
  };
}

function childrenSection(
  wording: Wording,
  children: readonly { readonly child: Child; readonly marks: PupilMarks }[],
  underHeading: boolean,
): Fragment {
  const { strings } = wording;
  if (children.length === 0) {
    return emptyState({
      icon: 'friends',
      title: strings.children.emptyTitle,
      text: strings.children.emptyText,
    });
  }
  const cards = grid(children.map(({ child, marks }) => childCard(wording, child, marks)));
  return underHeading ? section({ title: strings.home.children, body: cards }) : cards;
}

function childCard(wording: Wording, child: Child, marks: PupilMarks): Fragment {
  const { strings } = wording;
  const latest = findLatest(marks);
  const href = `/children/${encodeURIComponent(child.sub)}`;
  return card({
    title: child.displayName,
    href,
    icon: 'backpack',
    note: child.divisions.map((division) => division.name).join(' · '),
    body: latest
      ? strings.children.latest(
          sayMark(wording, latest.mark, latest.assessment.scale),
          latest.assessment.subjectName,
        )
      : strings.children.none,
    actions: buttonLink({ label: strings.children.open, href, kind: 'primary', about: child.displayName }),
  });
}
