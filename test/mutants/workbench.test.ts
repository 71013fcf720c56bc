// A real run in a real copy of a small tree.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endProcessesIn } from '../../mutants/end-processes.ts';
import { judge } from '../../mutants/verdict.ts';
import { Workbench } from '../../mutants/workbench.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sampleMutant } from './sample.ts';

const SUITE = `
import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { one } from '../source.ts';
spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
test('one is one', () => expect(one).toBe(1));
`;

/** A tree with one source and one suite, which leaves a process behind. */
function smallTree(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'test'));
  writeFileSync(join(root, 'source.ts'), 'export const one = 1;\n');
  writeFileSync(join(root, 'test/one.test.ts'), SUITE);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, '.gitignore'), 'node_modules\n');
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'));
  execFileSync('git', ['init', '-q'], { cwd: root });
  return root;
}

test('a bug is planted into a copy, caught there and taken out again, and no process is left', async () => {
  const [root, folder] = [smallTree(), join(temporaryFolder(), 'bench')];
  const bench = new Workbench(root, folder, new AbortController().signal);
  const suites = { files: ['test/one.test.ts'] };
  expect(await bench.run(suites)).toMatchObject({ passed: 1, failed: [], trouble: undefined });
  const mutant = sampleMutant();
  expect(judge(mutant, await bench.runWith(mutant))).toEqual({ kind: 'caught', by: 'one is one' });
  for (const tree of [root, join(folder, 'tree')])
    expect(readFileSync(join(tree, 'source.ts'), 'utf8')).toBe('export const one = 1;\n');
  expect(endProcessesIn(folder)).toBe(0);
  await expect(bench.runWith(sampleMutant({ find: '= 3;' }))).rejects.toThrow(/is stale/);
});

test('once it is told to end it runs nothing more', async () => {
  const ending = new AbortController();
  const bench = new Workbench(smallTree(), join(temporaryFolder(), 'bench'), ending.signal);
  ending.abort(new Error('told to end'));
  await expect(bench.runWith(sampleMutant())).rejects.toThrow('told to end');
});
