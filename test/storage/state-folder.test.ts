// How a coordinator is found.

import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readAddress, readCoordinator, statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a folder names its coordinator, or none', () => {
  const folder = temporaryFolder();
  const { address: path } = statePaths(folder);
  expect(readCoordinator(folder)).toBe(undefined);
  for (const text of ['', 'null', '[]', '{"address": "a:1"}', '{"address": 1, "pid": 2}']) {
    writeFileSync(path, text);
    expect(readCoordinator(folder)).toBe(undefined);
  }
  writeFileSync(path, '{"address": "127.0.0.1:7700", "pid": 12, "startedMs": 34}');
  const named = { address: '127.0.0.1:7700', pid: 12, startedMs: 34, isProtected: false };
  expect(readCoordinator(folder)).toEqual(named);
  expect(readAddress(folder)).toBe('127.0.0.1:7700');
});
