// What holds a trial's tree together, with real processes and a real kill -9: of the agent, and of the trial.
// The kinds that this host lacks are skipped, and say so.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { findCgroups } from '../../agent/trial/cgroup.ts';
import { chooseConfinement, type Confinement } from '../../agent/trial/confinement.ts';
import { temporaryFolder } from '../support/folder.ts';
import { FakeCoordinator } from './support/fake-coordinator.ts';
import { poll } from './support/poll.ts';
import { isAlive } from './support/processes.ts';
import { buildAgent, spawnAgent } from './support/spawn-agent.ts';
import { TRIAL_ARGV } from './support/start-agent.ts';

type Kind = Confinement['kind'];

const KINDS = ['cgroup', 'namespace'] as const;
const HERE = await Promise.all(
  KINDS.map(async (kind) => (await chooseConfinement([kind])).kind === kind),
);

/** A trial with a grandchild that has left its session, lost its parent and cleared its environment. */
async function startDeserter(confinements: readonly Kind[]) {
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
      confinements,
    });
  // Told from all others by how long it would sleep.
  const seconds = 1_000_000 + process.pid + Math.floor(performance.now() * 1000);
  const find = (): number | undefined => findSleeper(seconds);
  onTestFinished(() => {
    const left = find();
    if (left !== undefined) process.kill(left, 'SIGKILL');
  });
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'deserter', seconds } }));
  const agent = start();
  const deserter = await poll('the grandchild', find);
  await poll('the opening', () => coordinator.of('opened').length > 0);
  const cgroupsLeft = async (): Promise<readonly string[]> =>
    findCgroups(coordinator.heartbeats.at(-1)?.agentId ?? '');
  return { coordinator, agent, start, deserter, cgroupsLeft };
}

function findSleeper(seconds: number): number | undefined {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => commandOf(pid) === `sleep\0${seconds}\0`);
  return found === undefined ? undefined : Number(found);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

for (const [i, kind] of KINDS.entries()) {
  const reason = HERE[i] === true ? '' : ` (skipped: this host has no ${kind} to offer)`;
  test.skipIf(reason !== '')(
    `kill -9 of the agent ends a grandchild that hides from it, in a ${kind}${reason}`,
    async () => {
      const { agent, deserter, cgroupsLeft } = await startDeserter([kind]);
      agent.kill('SIGKILL');
      await poll('the end of the grandchild', () => !isAlive(deserter));
      await poll('the end of its cgroup', async () => (await cgroupsLeft()).length === 0);
    },
  );

  test.skipIf(reason !== '')(
    `a trial that is stopped takes such a grandchild with it, in a ${kind}${reason}`,
    async () => {
      const { coordinator, deserter, cgroupsLeft } = await startDeserter([kind]);
      coordinator.desire();
      await poll('the end of the grandchild', () => !isAlive(deserter));
      await poll('the end of its cgroup', async () => (await cgroupsLeft()).length === 0);
    },
  );
}

test('without either, it is on record that such a grandchild escapes', async () => {
  const { agent, deserter } = await startDeserter(['group']);
  const [trial] = trialsOf(agent.pid ?? 0);
  agent.kill('SIGKILL');
  await poll('the end of the trial', () => trial === undefined || !isAlive(trial));
  expect(isAlive(deserter)).toBe(true);
});

test.skipIf(HERE[0] !== true)(
  'an agent that starts ends what its watcher could not, by the cgroup that it left',
  async () => {
    const { coordinator, agent, start, deserter, cgroupsLeft } = await startDeserter(['cgroup']);
    const trials = trialsOf(agent.pid ?? 0);
    // The watcher goes first, so that nobody is left to do its work.
    for (const pid of watchersOf(trials)) process.kill(pid, 'SIGKILL');
    agent.kill('SIGKILL');
    coordinator.desire();
    expect(isAlive(deserter)).toBe(true);
    start();
    await poll('the end of the grandchild', () => !isAlive(deserter));
    await poll('the end of its cgroup', async () => (await cgroupsLeft()).length === 0);
  },
);

/** Children of a process. */
function trialsOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** Shells that are children of a trial: each has one, which watches. */
function watchersOf(trials: readonly number[]): readonly number[] {
  return trials
    .flatMap(trialsOf)
    .filter((pid) => commandOf(String(pid)).includes('espalier-trial'));
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
