// What a shell is told when somebody presses Tab, by the command line as it is.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { decideSubmission } from '../../coordinator/core/decide/submission.ts';
import { emptyState } from '../../coordinator/core/model.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { addBestCommand } from '../../src/cli/best.ts';
import { addCloneCommand } from '../../src/cli/clone.ts';
import { addCompletionCommands } from '../../src/cli/completion.ts';
import { filesFor } from '../../src/cli/completion/files.ts';
import { addExportCommand } from '../../src/cli/export.ts';
import { addLrCommands } from '../../src/cli/lr.ts';
import { addQueryCommand } from '../../src/cli/query.ts';
import { addPriorityCommand } from '../../src/cli/priority.ts';
import { addWhyCommand } from '../../src/cli/why.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import { submission } from '../support/sweep.ts';

const ADD = [
  addBestCommand,
  addExportCommand,
  addQueryCommand,
  addLrCommands,
  addWhyCommand,
  addPriorityCommand,
  addCloneCommand,
  addCompletionCommands,
];
const NOW = { monoMs: 0, wallMs: 0 };

/** The values that are offered after `words`, of which the last is not ended. */
async function press(...words: readonly string[]): Promise<readonly string[]> {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  try {
    const program = new Command('espalier').exitOverride();
    for (const add of ADD) add(program);
    await program.parseAsync(['complete', '--', ...words], { from: 'user' });
    return log.mock.calls.map(([line]) => String(line).split('\t')[0] ?? '').slice(0, -1);
  } finally {
    log.mockRestore();
  }
}

test('commands are completed, hidden ones are not offered', async () => {
  expect(await press('com')).toEqual(['completion']);
  expect(await press('lr', 'p')).toEqual(['plot']);
});

test('options and the values that they can have are completed', async () => {
  expect(await press('best', '--js')).toEqual(['--json']);
  expect(await press('completion', '')).toEqual(['bash', 'zsh', 'fish', 'powershell']);
});

test('formats and tables are completed', async () => {
  expect(await press('export', 'digits', '--to', 'p')).toEqual(['parquet']);
  expect(await press('export', 'digits', '--table', '')).toEqual(
    'trials epochs stages attempts steps'.split(' '),
  );
  expect(await press('query', '--format', '')).toEqual(['table', 'csv', 'jsonl']);
});

test('without a database no sweep is offered, and nothing fails', async () => {
  vi.stubEnv('ESPALIER_STATE', join(tmpdir(), 'espalier-nowhere'));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await press('best', '')).toEqual([]);
});

test('sweeps and trials are offered to the commands that steer and explain them', async () => {
  const state = temporaryFolder();
  const store = openStore(statePaths(state).database);
  store.transaction(() => {
    for (const fact of decideSubmission(emptyState(), { ...submission(2, 3), now: NOW }))
      store.write(fact, 0);
  });
  store.close();
  vi.stubEnv('ESPALIER_STATE', state);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await press('wh')).toEqual(['why']);
  expect(await press('pri')).toEqual(['priority']);
  expect(await press('why', '')).toEqual(['small', 'small/1', 'small/2']);
  expect(await press('priority', 'small/')).toEqual(['small/1', 'small/2']);
  expect(await press('clone', '')).toEqual(['small/1', 'small/2']);
});

test('a script is printed for each shell, one that is not known is refused', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(() => log.mockRestore());
  const program = new Command('espalier')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  addCompletionCommands(program);
  await program.parseAsync(['completion', 'bash'], { from: 'user' });
  expect(String(log.mock.calls[0]?.[0])).toContain('complete -F __espalier_complete espalier');
  await expect(program.parseAsync(['completion', 'csh'], { from: 'user' })).rejects.toThrow(
    'Allowed choices are bash, zsh, fish, powershell',
  );
});

test('of files those that begin alike are offered, and what lies in a folder that is the only match', () => {
  const root = mkdtempSync(join(tmpdir(), 'espalier-completion-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'digits'));
  for (const name of ['digits/a.yaml', 'digits/b.yaml', 'fashion.yaml', '.hidden'])
    writeFileSync(join(root, name), '');
  const below = (typed: string, withFiles = true): readonly string[] =>
    filesFor(`${root}/${typed}`, withFiles).map((path) => path.slice(root.length + 1));
  expect(below('')).toEqual(['digits/', 'fashion.yaml']);
  expect(below('d')).toEqual(['digits/', 'digits/a.yaml', 'digits/b.yaml']);
  expect(below('', false)).toEqual(['digits/']);
  expect(below('.')).toEqual(['.hidden']);
  expect(below('nowhere/')).toEqual([]);
});
