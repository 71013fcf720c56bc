// `espalier run` as a user types it, with real processes.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openResults } from '../../src/results/open-results.ts';
import { lockFolder } from '../../src/storage/folder-lock.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, processesWith, trialProcesses, until } from '../support/processes.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const STEADY = join(FIXTURES, 'steady.yaml');
const canMount = process.getuid?.() === 0;
if (!canMount)
  process.stderr.write('skipped: the test of a full disk needs root, to mount a small one\n');

describe('espalier run', { timeout: 120_000 }, () => {
  test('ends by itself with the leaderboard, best against fixed, and where the database is', async () => {
    const state = temporaryFolder();
    const run = espalier(['run', STEADY, '--state', state, '--slots', '2']);
    expect(await run.ended).toBe(0);
    expect(run.output()).toMatch(/RANK +MEDIAN val_loss/);
    expect(run.output()).toMatch(/best: .*\(median val_loss /);
    expect(run.output()).toContain('espalier.db');
    expect(processesWith(state)).toEqual([]);
  });

  test('run again after its end says so and trains nothing', async () => {
    const state = temporaryFolder();
    await espalier(['run', STEADY, '--state', state, '--slots', '2']).ended;
    const second = espalier(['run', STEADY, '--state', state]);
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('is completed already; --again trains it anew');
    const results = openResults(statePaths(state).database);
    expect(results.query('SELECT max(attempt) FROM attempt').rows).toEqual([[1]]);
    results.close();
  });

  test('drains on the first Ctrl-C, says how to go on, and goes on', async () => {
    const state = temporaryFolder();
    const first = espalier(['run', STEADY, '--state', state]);
    await until('a completed trial', () => first.output().includes('completed'));
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    expect(first.output()).toContain(`espalier run ${STEADY} --state ${state} goes on from here`);
    expect(processesWith(state)).toEqual([]);
    const second = espalier(['run', STEADY, '--state', state, '--slots', '2']);
    expect(await second.ended).toBe(0);
    const results = openResults(statePaths(state).database);
    expect(results.sweep('steady')).toMatchObject({ completed: 8 });
    expect(results.query('SELECT max(attempt) FROM attempt').rows).toEqual([[1]]);
    results.close();
  });

  test('stops at once on the second Ctrl-C and leaves no process behind', async () => {
    const state = temporaryFolder();
    const run = espalier(['run', join(FIXTURES, 'endless.yaml'), '--state', state]);
    await until('a trial', () => trialProcesses(state).length > 0);
    run.child.kill('SIGINT');
    await until('the first to be heard', () => run.output().includes('Ctrl-C again'));
    expect(trialProcesses(state).length).toBeGreaterThan(0);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(processesWith(state)).toEqual([]);
  });

  test('leaves no process behind when it is killed itself', async () => {
    const state = temporaryFolder();
    const run = espalier(['run', STEADY, '--state', state]);
    await until('a trial', () => trialProcesses(state).length > 0);
    run.child.kill('SIGKILL');
    await run.ended;
    await until('everything to end', () => processesWith(state).length === 0, 20_000);
  });

  test('says at once that another has the folder, and which', async () => {
    const state = temporaryFolder();
    const lock = lockFolder(state, 'coordinator');
    onTestFinished(() => lock.release());
    const start = performance.now();
    const run = espalier(['run', STEADY, '--state', state]);
    expect(await run.ended).toBe(6);
    expect(run.output()).toContain(`${state} is in use by another coordinator`);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test('survives kill -9 of its own coordinator', async () => {
    const state = temporaryFolder();
    const run = espalier(['run', STEADY, '--state', state, '--slots', '2']);
    await until('a completed trial', () => run.output().includes('completed'));
    const [pid] = processesWith(state).filter(
      (id) => processesWith('coordinator').includes(id) && id !== run.child.pid,
    );
    if (pid === undefined) throw new Error('no coordinator found');
    process.kill(pid, 'SIGKILL');
    expect(await run.ended).toBe(0);
    expect(run.output()).toContain('the coordinator was killed by SIGKILL: starting it again');
  });

  test('a module in every mood ends as what it is, in its own words, and the sweep goes on', async () => {
    const state = temporaryFolder();
    const run = espalier(['run', join(FIXTURES, 'moody.yaml'), '--state', state, '--slots', '2']);
    expect(await run.ended).toBe(8);
    const results = openResults(statePaths(state).database);
    const trials = results
      .trials('moody')
      .map((trial) => [JSON.parse(trial.config_json).mood, trial.state, trial.message]);
    expect(trials).toEqual([
      ['good', 'completed', ''],
      ['throws', 'failed', expect.stringContaining('no such layer: attention')],
      ['throws late', 'failed', expect.stringContaining('shape mismatch')],
      ['exits', 'failed', expect.stringMatching(/exit code 7[\s\S]*in the mood: exits/)],
      ['diverges', 'diverged', expect.stringContaining('NaN')],
      ['forgets', 'failed', expect.stringContaining('val_loss')],
    ]);
    results.close();
    expect(await espalier(['logs', 'moody/1', '--state', state]).ended).toBe(0);
  });

  test('a module that never opens ends as failed once the limit is over', async () => {
    const state = temporaryFolder();
    const hangs = join(FIXTURES, 'hangs.yaml');
    const run = espalier(['run', hangs, '--state', state, '--slots', '1', '--open-timeout', '2']);
    expect(await run.ended).toBe(8);
    expect(run.output()).toContain('hangs/1: ');
    expect(run.output()).toContain('did not answer open within 2 s');
    expect(trialProcesses(state)).toEqual([]);
  });
});

describe('bad input is answered in words', () => {
  test.each([
    [
      'a sweep file that is not there',
      ['run', 'nowhere.yaml'],
      4,
      'nowhere.yaml: there is no such file',
    ],
    ['an unknown command', ['fly'], 2, 'unknown command'],
    ['no sweep of that name', ['show', 'nothing'], 4, 'no results at'],
    ['no coordinator', ['cancel', 'nothing'], 6, 'no coordinator is running in'],
    [
      'a coordinator that does not answer',
      ['cancel', 'nothing', '--coordinator', '127.0.0.1:1'],
      6,
      'no coordinator answers at 127.0.0.1:1',
    ],
    [
      'a coordinator that nothing vouches for',
      ['agent', '--coordinator', '0.0.0.0:1'],
      2,
      '--insecure',
    ],
    ['half a line that lets in', ['agent', '--join', 'h:1'], 2, '--join and --token go together'],
    ['a token that was cut', ['login', '--join', 'h:1', '--token', 'esp1.x'], 2, 'is not whole'],
    ['a token for no coordinator', ['token', 'create'], 6, 'no coordinator is running'],
    ['nobody to be shut out', ['revoke', 'eve'], 4, 'no coordinator that asks for certificates'],
    ['no time to open', ['agent', '--open-timeout', '0'], 2, 'number of seconds above 0'],
    ['a wrong number of slots', ['agent', '--slots', '0'], 2, 'whole number of at least 1'],
  ])('%s', async (_, args, status, words) => {
    const run = espalier(args, { cwd: temporaryFolder() });
    expect([await run.ended, run.output()]).toEqual([status, expect.stringContaining(words)]);
  });

  test.each([
    ['a missing module', undefined, 4, 'trial.ts'],
    ['a syntax error, with its place', 'export default {\n  oops', 3, 'trial.ts:2'],
    ['no default export', 'export const trial = 1;', 3, 'default export'],
  ])('%s', async (_, code, status, words) => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'sweep.yaml'),
      'name: s\ntrial: ./trial.ts\nobjective: { metric: loss, mode: min }\nepochs: 1\nlearning_rate: [{ strategy: fixed, lr: 1 }]\n',
    );
    if (code !== undefined) writeFileSync(join(folder, 'trial.ts'), code);
    const run = espalier(['run', 'sweep.yaml'], { cwd: folder });
    expect([await run.ended, run.output()]).toEqual([status, expect.stringContaining(words)]);
  });

  test.runIf(canMount)(
    'a full disk: the coordinator ends in words and what was acknowledged is kept',
    { timeout: 60_000 },
    async () => {
      const state = temporaryFolder();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', state]);
      onTestFinished(() => void execFileSync('umount', ['-l', state]));
      const coordinator = espalier(['coordinator', '--state', state, '--listen', '127.0.0.1:0']);
      await until('the coordinator', () => coordinator.output().includes('listening'));
      const many = join(temporaryFolder(), 'many.yaml');
      writeFileSync(
        many,
        `name: many\ntrial: ${join(FIXTURES, 'steady.ts')}\nobjective: { metric: val_loss, mode: min }\nepochs: 1\nseeds: [${Array.from({ length: 9_000 }, (_, i) => i).join(', ')}]\nlearning_rate: [{ strategy: fixed, lr: 1 }]\n`,
      );
      expect(await espalier(['submit', STEADY, '--state', state]).ended).toBe(0);
      expect(await espalier(['submit', many, '--state', state]).ended).not.toBe(0);
      expect([await coordinator.ended, coordinator.output()]).toEqual([
        7,
        expect.stringContaining('is full'),
      ]);
      const results = openResults(statePaths(state).database);
      expect(results.sweeps().map((sweep) => sweep.sweep_id)).toEqual(['steady']);
      results.close();
    },
  );
});
