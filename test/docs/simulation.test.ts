// The page of the simulation lists the invariants that there are, with the words that they have.

import { expect, test } from 'vitest';
import { CATALOGUE, type Listed } from '../simulation/invariants/catalogue.ts';
import { read, rowsOf } from './pages.ts';

const WHEN: Readonly<Record<Listed['when'], string>> = {
  commit: 'every commit',
  restart: 'every restart',
  event: 'everything that happens',
  end: 'the end of the world',
};

test('the table has a row for each invariant: its promises, its name, what it says and when it is looked at', () => {
  const expected = CATALOGUE.map(({ promises, name, says, when }) => [
    promises.join(', '),
    `\`${name}\``,
    says,
    WHEN[when],
  ]);
  expect(rowsOf(read('docs/simulation.md'))).toEqual(expected);
});
