// What trials leave behind never ends the agent.

import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFolder, tidyFolders, tidyLogs } from '../../../agent/state/folders.ts';
import { temporaryFolder } from '../../support/folder.ts';

test('read-only folders of a trial are removed with the rest', () => {
  const folder = join(temporaryFolder(), 'work');
  mkdirSync(join(folder, 'd/e'), { recursive: true });
  writeFileSync(join(folder, 'd/e/f'), '');
  chmodSync(join(folder, 'd/e'), 0o555);
  chmodSync(join(folder, 'd'), 0o555);
  expect(removeFolder(folder)).toBe(true);
  expect(existsSync(folder)).toBe(false);
});

test('an agent starts with empty working folders and the newest hundred logs', () => {
  const folder = temporaryFolder();
  tidyFolders(folder);
  writeFileSync(join(folder, 'work', 'left'), '');
  for (let i = 0; i < 120; i += 1) writeFileSync(join(folder, 'logs', `${i}.log`), '');
  tidyLogs(folder);
  expect(readdirSync(join(folder, 'logs'))).toHaveLength(100);
  tidyFolders(folder);
  expect(readdirSync(join(folder, 'work'))).toEqual([]);
});
