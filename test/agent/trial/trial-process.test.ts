import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  chooseConfinement,
  type Confinement,
  CONFINEMENTS,
} from '../../../agent/trial/confinement.ts';
import { TrialLog } from '../../../agent/trial/trial-log.ts';
import { TrialProcess } from '../../../agent/trial/trial-process.ts';
import type { Command } from '../../../src/trial/protocol.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { poll } from '../support/poll.ts';
import { isAlive } from '../support/processes.ts';
import { TRIAL_ARGV } from '../support/start-agent.ts';

const CHOSEN = new Map<string, Confinement>();
beforeAll(async () => {
  for (const kind of CONFINEMENTS) CHOSEN.set(kind, await chooseConfinement([kind]));
});

async function start(argv: readonly string[] = TRIAL_ARGV, kind = 'group') {
  const owner = `agent/${randomUUID()}`;
  const confinement = CHOSEN.get(kind) ?? { kind: 'group' };
  const folder = temporaryFolder();
  const trialLog = new TrialLog(join(folder, 'trial.log'));
  const environment = { PATH: process.env['PATH'] ?? '', ESPALIER_PROCESS: owner };
  const trial = await TrialProcess.start({
    argv,
    environment,
    folder,
    owner,
    confinement,
    trialLog,
    graceMs: 200,
    log: () => undefined,
  });
  onTestFinished(() => trial.stop());
  return { trial, folder };
}

function toOpen(config: Record<string, string | number>): Command {
  return { kind: 'open', bundle: '', files: '', config, seed: 1, epochs: 2, backends: [] };
}

const EPOCH: Command = { kind: 'epoch', epoch: 0, learning_rate: 0.1 };

test('commands are answered one after another', async () => {
  const { trial } = await start();
  expect(await trial.ask(toOpen({}))).toMatchObject({ kind: 'opened', steps_per_epoch: 2 });
  expect(await trial.ask(EPOCH)).toMatchObject({ kind: 'trained', epoch: 0, learning_rate: 0.1 });
  expect(await trial.ask({ kind: 'close' })).toEqual({ kind: 'closed' });
});

test('stopping ends the whole tree: the stubborn, its child, and the one that left the group', async () => {
  const { trial, folder } = await start();
  const file = join(folder, 'pids');
  await trial.ask(toOpen({ behaviour: 'family', pids: file }));
  const pids: number[] = JSON.parse(readFileSync(file, 'utf8'));
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  await trial.stop();
  expect(pids.map(isAlive)).toEqual([false, false, false]);
});

test('a trial that exits takes what it started with it', async () => {
  const { trial, folder } = await start();
  const file = join(folder, 'pids');
  await trial.ask(toOpen({ behaviour: 'family', pids: file }));
  const [own = 0, ...others]: number[] = JSON.parse(readFileSync(file, 'utf8'));
  process.kill(own, 'SIGKILL');
  await trial.gone;
  expect(others.map(isAlive)).toEqual([false, false]);
});

test('a question to a stopped process is answered in words', async () => {
  const { trial } = await start();
  const answer = trial.ask(toOpen({ behaviour: 'hang' }));
  await trial.stop();
  const failed = { kind: 'failed', message: "the trial's process was stopped" };
  expect(await answer).toEqual(failed);
  expect(await trial.ask(EPOCH)).toEqual(failed);
});

test.each(CONFINEMENTS)(
  'in a %s an exit answers with its status, a kill with its signal',
  async (kind) => {
    const exiting = await start(TRIAL_ARGV, kind);
    await exiting.trial.ask(toOpen({ behaviour: 'exit' }));
    expect(await exiting.trial.ask(EPOCH)).toEqual({
      kind: 'failed',
      message: "the trial's process exited with status 3",
    });
    const killed = await start(TRIAL_ARGV, kind);
    await killed.trial.ask(toOpen({ behaviour: 'abort' }));
    expect(await killed.trial.ask(EPOCH)).toEqual({
      kind: 'failed',
      message: "the trial's process was killed by SIGKILL",
    });
  },
);

test('silence beyond the limit is a failure', async () => {
  const { trial } = await start();
  expect(await trial.ask(toOpen({ behaviour: 'hang' }), 50)).toEqual({
    kind: 'failed',
    message: "the trial's process did not answer open within 0.05 s",
  });
  expect(trial.isUsable).toBe(false);
});

test('garbage on descriptor 4 is a failure that quotes it', async () => {
  const { trial } = await start();
  await trial.ask(toOpen({ behaviour: 'garbage' }));
  expect(await trial.ask(EPOCH)).toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/not the trial protocol: "hello"/),
  });
});

test('a line without end is a failure before it fills the memory', async () => {
  const flood = `const s = Buffer.alloc(65536, 120); for (;;) require('fs').writeSync(4, s)`;
  const { trial } = await start([process.execPath, '-e', flood]);
  expect(await trial.ask(toOpen({}))).toMatchObject({ kind: 'failed' });
});

test('a process that closes its answers and lives on is a failure', async () => {
  const mute = `require('fs').closeSync(4); setInterval(() => {}, 1000)`;
  const { trial } = await start([process.execPath, '-e', mute]);
  expect(await trial.ask(toOpen({}))).toEqual({
    kind: 'failed',
    message: "the trial's process closed descriptor 4",
  });
});

test('a program that is not there is a failure with its reason in the log', async () => {
  const { trial } = await start(['/nowhere/program']);
  expect(await trial.ask(toOpen({}))).toMatchObject({ kind: 'failed' });
  await poll('the reason', () => trial.log.tail().includes('/nowhere/program'));
});
