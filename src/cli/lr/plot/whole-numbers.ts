// An option that may be given several times, each time with a whole number.

import { wholeNumber } from '../../options.ts';

/** Collects whole numbers of at least `least`, in the order in which they were given. */
export function wholeNumbers(least: number) {
  const parse = wholeNumber(least);
  return (text: string, before: readonly number[] | undefined): readonly number[] => [
    ...(before ?? []),
    parse(text),
  ];
}
