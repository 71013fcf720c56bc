// What people read cannot drive their terminal.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/cli/log.ts';
import { toTerminalText } from '../../src/cli/logs.ts';
import { toTable } from '../../src/cli/output.ts';
import { temporaryFolder } from '../support/folder.ts';

const HOSTILE = '\u001B]0;owned\u0007\u001B[31mloss';

test('a table cleans its header and its cells before it counts their columns', () => {
  expect(toTable(['#', HOSTILE], [[1, `${HOSTILE}\nmore`]])).toEqual(['#  loss', '1  loss more']);
});

test("a trial's log loses escapes, and a character that is spread over two pieces comes out whole", () => {
  const bytes = Buffer.from(`${HOSTILE} ✓ 学\n`);
  const show = toTerminalText();
  expect(Array.from(bytes, (byte) => show(Uint8Array.of(byte))).join('')).toContain(' ✓ 学\n');
  expect(toTerminalText()(bytes)).toBe('loss ✓ 学\n');
});

test('a message of several lines cannot pass for lines of the log, and its file has it exactly', () => {
  const path = join(temporaryFolder(), 'agent.log');
  const lines: string[] = [];
  createLog('agent', path, (line) => lines.push(line))(`failed: ${HOSTILE}\n12:00:00 all is well`);
  expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'TIME'))).toEqual([
    'TIME failed: loss\n         12:00:00 all is well',
  ]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    msg: `failed: ${HOSTILE}\n12:00:00 all is well`,
  });
});
