// Processes that are stopped (SIGSTOP) for longer than an agent may be silent, and go on (SIGCONT): a coordinator that was deaf itself
// counts nobody as lost, and two agents that both believe they train a stage leave one record of it.

import { expect, onTestFinished, test } from 'vitest';
import { type Running, until } from '../../support/processes.ts';
import { Cluster } from '../cluster.ts';
import { GatedSweep, toEnvironment } from './gated-sweep.ts';

const LIMITS = { suspectMs: 600, lostMs: 1_500, graceMs: 6_000, backoffMs: 100 };
const ENV = toEnvironment({ limits: LIMITS, settings: { heartbeatMs: 200 }, keepaliveScale: 30 });
/** Longer than an agent may be silent. */
const STOPPED_MS = 2 * LIMITS.lostMs;

function stop({ child }: Running): void {
  child.kill('SIGSTOP');
  onTestFinished(() => void child.kill('SIGCONT'));
}

async function pass(ms: number): Promise<void> {
  const until0 = performance.now() + ms;
  await until('time to pass', () => performance.now() > until0);
}

test('a coordinator that was stopped takes what was trained meanwhile, and nobody for lost', async () => {
  const [cluster, sweep] = [new Cluster(ENV), new GatedSweep(2)];
  const coordinator = await cluster.startCoordinator();
  const agents = ['ann', 'bob'].map((name) => cluster.startAgent(name));
  sweep.letPass(1);
  await cluster.submit(sweep.file);
  await cluster.untilEpochs(2);

  stop(coordinator);
  sweep.letPass(3);
  for (const name of ['ann', 'bob']) await sweep.untilTrained(cluster.folderOf(name), 2);
  await pass(STOPPED_MS);
  coordinator.child.kill('SIGCONT');
  await cluster.untilEpochs(6);

  await sweep.expectWhole(cluster);
  expect(agents.map(({ child }) => child.exitCode)).toEqual([null, null]);
  expect(cluster.value('SELECT max(attempt) FROM attempt')).toBe(1);
  expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
}, 120_000);
