// Trials by their numbers, as many as there is room for.

/** `#3 #9 and 4 more` of `all` trials whose first numbers are given, in at most `width` columns where two of them fit. */
export function numbersIn(numbers: readonly number[], all: number, width: number): string {
  return fitted(numbers, all, width, (more) => ` and ${more} more`);
}

/** The same in few characters: `#3 #9 +4`. */
export function shortNumbersIn(numbers: readonly number[], all: number, width: number): string {
  return fitted(numbers, all, width, (more) => ` +${more}`);
}

function fitted(
  numbers: readonly number[],
  all: number,
  width: number,
  rest: (more: number) => string,
): string {
  const names = numbers.slice(0, Math.max(1, width / 3)).map((number) => `#${number}`);
  const withRest = (count: number): string =>
    names.slice(0, count).join(' ') + (all > count ? rest(all - count) : '');
  let count = names.length;
  while (count > 1 && withRest(count).length > width) count -= 1;
  return withRest(count);
}
