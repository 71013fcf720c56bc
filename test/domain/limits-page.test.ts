// docs/limits.md says what the code does.

import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { readPage, toTable } from './limits-page.ts';

test.each([
  ['bounds of the protocol', toTable(BOUNDS, 'src/domain/bounds.ts')],
  ['limits of a coordinator', toTable(DEFAULT_LIMITS, 'coordinator/core/limits.ts')],
])('docs/limits.md has the %s, each with its number and its sentence', (_, table) => {
  expect(readPage('docs/limits.md')).toContain(table);
});
