// Plants a bug into a text. Promise: a patch that does not fit exactly one place is refused, since it would prove nothing.

import type { Mutant } from './mutant.ts';

/** The text with the bug in it. Throws an Error that calls the mutant stale if its place is not there, or more than once. */
export function plant(text: string, { name, file, find, replace }: Mutant): string {
  const places = text.split(find).length - 1;
  if (places === 1 && find !== replace) return text.split(find).join(replace);
  throw new Error(
    `the mutant ${name} is stale: what it changes stands ${places} times in ${file}, not once; write its patch anew`,
  );
}
