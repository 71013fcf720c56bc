import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentOptions } from '../../agent/options.ts';
import { FakeCoordinator } from './support/fake-coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { poll } from './support/poll.ts';
import { isAlive } from './support/processes.ts';
import { buildAgent, spawnAgent } from './support/spawn-agent.ts';
import { TRIAL_ARGV } from './support/start-agent.ts';

type Settings = Partial<Pick<AgentOptions, 'graceMs' | 'confinements'>>;

async function setUp(settings: Settings = {}) {
  const coordinator = await FakeCoordinator.start();
  const [program, state] = [await buildAgent(), temporaryFolder()];
  const start = () =>
    spawnAgent(program, {
      coordinator: coordinator.address,
      state,
      slots: 1,
      heartbeatMs: 50,
      graceMs: 200,
      trialArgv: TRIAL_ARGV,
      ...settings,
    });
  const pidsFile = join(state, 'pids');
  const readPids = (): number[] | undefined =>
    existsSync(pidsFile)
      ? (JSON.parse(readFileSync(pidsFile, 'utf8') || 'null') ?? undefined)
      : undefined;
  // What has left its group survives a killed agent until the next one comes, and here none may come.
  onTestFinished(() => {
    for (const pid of readPids() ?? []) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  const config = { behaviour: 'family', pids: pidsFile };
  coordinator.desire(coordinator.toAssignment({ config }));
  return { coordinator, start, readPids };
}

test('the death of the agent kills the group of its trial, and its return what has left the group', async () => {
  // Nothing holds the tree together but the group, and the mark in the environment.
  const { coordinator, start, readPids } = await setUp({ confinements: ['group'] });
  const agent = start();
  const pids = (await poll('the trial', readPids)) ?? [];
  const [trial = 0, child = 0, escaped = 0] = pids;
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  agent.kill('SIGKILL');
  await poll('the end of the group', () => !isAlive(trial) && !isAlive(child));
  coordinator.desire();
  start();
  await poll('the end of what left the group', () => !isAlive(escaped));
});

test('a signal drains, a second one stops what runs, and nothing is left', async () => {
  const { coordinator, start, readPids } = await setUp();
  const agent = start();
  const pids = (await poll('the trial', readPids)) ?? [];
  await poll('the opening', () => coordinator.of('opened').length > 0);
  agent.kill('SIGTERM');
  await poll('draining', () => coordinator.heartbeats.at(-1)?.draining === true);
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  agent.kill('SIGINT');
  const [code] = await once(agent, 'exit');
  expect(code).toBe(0);
  expect(pids.map(isAlive)).toEqual([false, false, false]);
  expect(coordinator.heartbeats.at(-1)).toMatchObject({ leaving: true, running: [] });
  expect(coordinator.of('ended')).toEqual([]);
});

test('an agent that is killed while it waits for a stubborn trial takes the trial with it', async () => {
  const { coordinator, start, readPids } = await setUp({ graceMs: 60_000 });
  const agent = start();
  const [trial = 0, child = 0] = (await poll('the trial', readPids)) ?? [];
  coordinator.desire();
  // The child is not stubborn: its end shows that the polite signal has been sent.
  await poll('the polite signal', () => !isAlive(child));
  expect(isAlive(trial)).toBe(true);
  agent.kill('SIGKILL');
  await poll('the end of the trial', () => !isAlive(trial));
});
