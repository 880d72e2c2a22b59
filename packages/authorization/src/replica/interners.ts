import type { Window } from '../subject.ts';

/** Numbers texts from 0 in the order they come. */
export interface TextInterner {
  number(text: string): number;
  /** -1 for a text that has no number. */
  find(text: string): number;
  read(number: number): string;
}

export function openTextInterner(): TextInterner {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    number(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
    find: (text) => numbers.get(text) ?? -1,
    read: (number) => texts[number]!,
  };
}

/** Numbers classes and groups, each with its school: two schools may call one the same. */
export interface DivisionInterner {
  number(school: number, division: number): number;
  /** -1 when that school has no such division. */
  find(school: number, division: number): number;
  school(number: number): number;
  /** The number of its name. */
  division(number: number): number;
}

export function openDivisionInterner(): DivisionInterner {
  const schools: number[] = [];
  const divisions: number[] = [];
  /** The numbers under each name: one, almost always. */
  const byName: number[][] = [];
  const find = (school: number, division: number): number => {
    const numbers = byName[division];
    if (numbers === undefined) return -1;
    for (const number of numbers) if (schools[number] === school) return number;
    return -1;
  };
  return {
    number(school, division) {
      const known = find(school, division);
      if (known !== -1) return known;
      schools.push(school);
      const number = divisions.push(division) - 1;
      (byName[division] ??= []).push(number);
      return number;
    },
    find,
    school: (number) => schools[number]!,
    division: (number) => divisions[number]!,
  };
}

/** Numbers windows of validity. 0 is the one without bounds. */
export interface WindowInterner {
  number(window: Window): number;
  read(number: number): Window;
  /** True when the window is open at the instant, in milliseconds. */
  isCurrent(number: number, at: number): boolean;
}

export function openWindowInterner(): WindowInterner {
  const numbers = new Map<string, number>();
  const windows: Window[] = [{}];
  const from: number[] = [-Infinity];
  const to: number[] = [Infinity];
  return {
    number(window) {
      if (window.from === undefined && window.to === undefined) return 0;
      const key = `${window.from?.getTime() ?? ''} ${window.to?.getTime() ?? ''}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, windows.length);
      from.push(window.from?.getTime() ?? -Infinity);
      to.push(window.to?.getTime() ?? Infinity);
      return (
        windows.push({ ...(window.from && { from: window.from }), ...(window.to && { to: window.to }) }) - 1
      );
    },
    read: (number) => windows[number]!,
    isCurrent: (number, at) => from[number]! <= at && at < to[number]!,
  };
}
