// One holder for each folder.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from '../../src/storage/folder-lock.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a second holder is refused with the folder named, until the first lets go', () => {
  const folder = join(temporaryFolder(), 'made/on/the/way');
  const first = lockFolder(folder, 'coordinator');
  expect(() => lockFolder(folder, 'coordinator')).toThrow(
    expect.objectContaining({
      code: 'busy',
      message: expect.stringContaining(`${folder} is in use by another coordinator`),
    }),
  );
  const other = lockFolder(temporaryFolder(), 'coordinator');
  first.release();
  lockFolder(folder, 'coordinator').release();
  other.release();
});

test('a folder that cannot be used is said to be so', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => lockFolder(file, 'agent')).toThrow(
    expect.objectContaining({
      code: 'storage',
      message: expect.stringContaining(`cannot use ${file}: `),
    }),
  );
});
