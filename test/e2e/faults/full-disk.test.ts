// Disks that run full in the middle of a sweep, each a small one of its own: whoever has one ends in words that say what to do, all
// others go on, and with room again nothing that was trained is lost or trained into the record twice.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { trialProcesses, until } from '../../support/processes.ts';
import { Cluster } from '../cluster.ts';
import { GatedSweep, toEnvironment } from './gated-sweep.ts';

const canMount = process.getuid?.() === 0;
if (!canMount)
  process.stderr.write('skipped: tests of full disks need root, to mount small ones\n');

const ENV = toEnvironment({
  limits: { backoffMs: 100 },
  settings: { heartbeatMs: 200 },
  keepaliveScale: 30,
});

/** A disk of four megabytes in a folder, gone when the test ends. */
class SmallDisk {
  readonly #filler: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
    onTestFinished(() => void execFileSync('umount', ['-l', folder]));
    this.#filler = join(folder, 'filler');
  }

  /** Takes all the room that there is. */
  fill(): void {
    const file = openSync(this.#filler, 'w');
    try {
      for (;;) writeSync(file, Buffer.alloc(4096));
    } catch {
      closeSync(file);
    }
  }

  /** Gives it back. */
  free(): void {
    rmSync(this.#filler);
  }
}

test.runIf(canMount)(
  'a full disk of the coordinator stops no training, and with room again it has everything, once',
  async () => {
    const cluster = new Cluster(ENV, temporaryFolder());
    const sweep = new GatedSweep(2);
    const disk = new SmallDisk(cluster.state);
    const coordinator = await cluster.startCoordinator();
    const { address } = cluster;
    const agents = ['ann', 'bob'].map((name) => cluster.startAgent(name));
    sweep.letPass(1);
    await cluster.submit(sweep.file);
    await cluster.untilEpochs(2);

    disk.fill();
    sweep.letPass(GatedSweep.epochs);
    expect(await coordinator.ended).toBe(7);
    expect(coordinator.output()).toMatch(
      /disk that holds .* is full: free some space and start again/,
    );
    for (const name of ['ann', 'bob'])
      await sweep.untilTrained(cluster.folderOf(name), GatedSweep.epochs - 1);
    disk.free();
    await cluster.startCoordinator(address);

    await sweep.expectWhole(cluster);
    expect(agents.map(({ child }) => child.exitCode)).toEqual([null, null]);
    expect(cluster.value('SELECT max(attempt) FROM attempt')).toBe(1);
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
  },
  120_000,
);

test.runIf(canMount)(
  'a full disk of an agent is nobody’s failure but its own: with room again its trial goes on where it was',
  async () => {
    const cluster = new Cluster(ENV);
    const sweep = new GatedSweep(1);
    const disk = new SmallDisk(cluster.folderOf('ann'));
    await cluster.startCoordinator();
    const agent = cluster.startAgent('ann');
    sweep.letPass(2);
    await cluster.submit(sweep.file);
    await cluster.untilEpochs(2);
    await cluster.untilTrue('a checkpoint', 'SELECT count(*) > 0 FROM checkpoint WHERE stored');

    disk.fill();
    sweep.letPass(GatedSweep.epochs);
    await until('the end of the agent', () => agent.child.exitCode !== null, 30_000);
    expect(await agent.ended).toBe(7);
    expect(agent.output()).toMatch(/is full: free some space/);
    await until('the end of its trial', () => trialProcesses(cluster.folderOf('ann')).length === 0);
    disk.free();
    cluster.startAgent('ann');

    await sweep.expectWhole(cluster);
    const ends = cluster.rows('SELECT end FROM attempt ORDER BY attempt').flat();
    expect(ends.filter((end) => end === 'failed')).toEqual([]);
    expect(ends.at(-1)).toBe('completed');
  },
  120_000,
);
