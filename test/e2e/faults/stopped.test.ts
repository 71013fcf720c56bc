// A coordinator that is stopped (SIGSTOP) for longer than an agent may be silent, and goes on (SIGCONT): it was deaf itself, and counts
// nobody as lost. What becomes of an agent that is stopped: ../zombie.test.ts.

import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../support/processes.ts';
import { Cluster } from '../cluster.ts';
import { GatedSweep, toEnvironment } from './gated-sweep.ts';

const LIMITS = { suspectMs: 1_000, lostMs: 3_000, graceMs: 10_000, backoffMs: 100 };
const ENV = toEnvironment({ limits: LIMITS, settings: { heartbeatMs: 200 }, keepaliveScale: 1 });
/** Longer than an agent may be silent. */
const STOPPED_MS = 2 * LIMITS.lostMs;

test('a coordinator that was stopped takes what was trained meanwhile, and nobody for lost', async () => {
  const [cluster, sweep] = [new Cluster(ENV), new GatedSweep(2)];
  const coordinator = await cluster.startCoordinator();
  const agents = ['ann', 'bob'].map((name) => cluster.startAgent(name));
  sweep.letPass(1);
  await cluster.submit(sweep.file);
  await cluster.untilEpochs(2);

  const stoppedMs = performance.now();
  coordinator.child.kill('SIGSTOP');
  onTestFinished(() => void coordinator.child.kill('SIGCONT'));
  sweep.letPass(3);
  for (const name of ['ann', 'bob']) await sweep.untilTrained(cluster.folderOf(name), 2);
  await until('time to pass', () => performance.now() > stoppedMs + STOPPED_MS);
  coordinator.child.kill('SIGCONT');
  await cluster.untilEpochs(6);

  await sweep.expectWhole(cluster);
  expect(agents.map(({ child }) => child.exitCode)).toEqual([null, null]);
  expect(coordinator.output()).toMatch(/the coordinator stood still for \d+ s/);
  expect(cluster.value('SELECT max(attempt) FROM attempt')).toBe(1);
  expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
}, 120_000);
