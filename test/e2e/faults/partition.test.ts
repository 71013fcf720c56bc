// Partitions, with the built program on hosts of their own that joined by the printed line: cables that are cut both ways and one
// way, connections that are reset, and one of which the other end has died unheard.

import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../agent/options.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import { readAddress } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import {
  espalier,
  espalierIn,
  type Running,
  trialProcesses,
  until,
} from '../../support/processes.ts';
import { Cluster } from '../cluster.ts';
import { type Cut, hasNamespaces, type Host, Network } from '../network.ts';
import { GatedSweep, readRecord, type Times, toEnvironment } from './gated-sweep.ts';

const WAYS: readonly Cut[] = ['both', 'from the host', 'to the host'];
/** All times that have to do with contact are so many times shorter: ten minutes are twenty seconds. */
const SCALE = 30;
const TEN_MINUTES_MS = 600_000;

/** A host that has joined. */
type Member = { readonly host: Host; readonly folder: string; readonly agent: Running };

/** Hosts around a coordinator with TLS, and a sweep with a trial for each of them. */
class Place {
  readonly cluster = new Cluster();
  readonly network: Network;
  readonly sweep: GatedSweep;
  readonly members: Member[] = [];
  readonly #env: NodeJS.ProcessEnv;
  #coordinator: Running | undefined;

  constructor(hosts: number, times: Omit<Times, 'keepaliveScale'>) {
    this.network = new Network(hosts);
    this.sweep = new GatedSweep(hosts);
    this.#env = toEnvironment({ ...times, keepaliveScale: SCALE });
  }

  async startCoordinator(listen = `${this.network.address}:0`): Promise<void> {
    const args = ['coordinator', '--state', this.cluster.state, '--listen', listen];
    const coordinator = espalierIn(this.network.head, args, { env: this.#env });
    this.#coordinator = coordinator;
    await until('the coordinator', () => coordinator.output().includes('listening on'));
  }

  /** Ends the coordinator by force; its end is not heard by who is cut off. */
  async killCoordinator(): Promise<void> {
    this.#coordinator?.child.kill('SIGKILL');
    await this.#coordinator?.ended;
  }

  /** A host joins, with nothing but what is printed and its slots. */
  async join(name: string, slots: number): Promise<void> {
    const host = this.network.hosts[this.members.length];
    if (host === undefined) throw new Error('there is no other host');
    const args = ['token', 'create', '--state', this.cluster.state, '--name', name];
    const token = espalier(args);
    if ((await token.ended) !== 0) throw new Error(token.output());
    const words = /^espalier (.*)$/m.exec(token.output())?.[1]?.split(' ') ?? [];
    const folder = temporaryFolder();
    const options = { cwd: folder, env: this.#env };
    const agent = espalierIn(host.name, [...words, '--slots', String(slots)], options);
    this.members.push({ host, folder, agent });
    await until(name, () => agent.output().includes('connected to the coordinator'));
  }

  /** Submits the sweep, of which the epochs below a number may be trained. */
  async submit(below: number): Promise<void> {
    this.sweep.letPass(below);
    const args = ['submit', this.sweep.file, '--state', this.cluster.state];
    const submission = espalierIn(this.network.head, args);
    if ((await submission.ended) !== 0) throw new Error(submission.output());
  }
}

/** How often an agent has noticed that it has no contact. */
function losses({ agent }: Member): number {
  return agent.output().split('lost the coordinator').length - 1;
}

async function untilConnected(members: readonly Member[]): Promise<void> {
  for (const member of members)
    await until(
      'its connection',
      () =>
        member.agent.output().split('connected to the coordinator').length - 2 === losses(member),
    );
}

test.skipIf(!hasNamespaces)(
  'nothing is repeated after cuts both ways and one way, resets and a coordinator that died unheard, while nobody counts as lost',
  { timeout: 120_000 },
  async () => {
    const place = new Place(3, { settings: { heartbeatMs: 200 } });
    const { cluster, network, sweep, members } = place;
    await place.startCoordinator();
    for (const name of ['ann', 'bob', 'cid']) await place.join(name, 1);
    await place.submit(1);
    await cluster.untilEpochs(3);

    for (const [i, { host }] of members.entries()) network.cut(host, WAYS[i] ?? 'both');
    sweep.letPass(2);
    for (const member of members) {
      await sweep.untilTrained(member.folder, 1);
      await until('it to notice', () => losses(member) > 0, 30_000);
    }
    // What it trained while nothing from it could arrive is on nobody's record but its own.
    expect(cluster.value('SELECT count(*) FROM epoch')).toBeLessThanOrEqual(4);
    for (const [i, { host }] of members.entries()) network.heal(host, WAYS[i] ?? 'both');
    await cluster.untilEpochs(6);
    await untilConnected(members);

    const before = members.map(losses);
    for (const { host } of members) network.reset(host);
    sweep.letPass(3);
    for (const [i, member] of members.entries())
      await until('the reset', () => losses(member) > (before[i] ?? 0));
    await cluster.untilEpochs(9);
    await untilConnected(members);

    const address = readAddress(cluster.state) ?? '';
    for (const { host } of members) network.cut(host, 'both');
    await place.killCoordinator();
    await place.startCoordinator(address);
    for (const { host } of members) network.heal(host, 'both');
    await sweep.expectWhole(cluster);
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
    expect(cluster.value('SELECT max(attempt) FROM attempt')).toBe(1);
    expect(cluster.rows("SELECT * FROM fact WHERE kind = 'stage-lost'")).toEqual([]);
  },
);

test.skipIf(!hasNamespaces)(
  'after ten minutes of partition the sweep has gone on elsewhere, and what the cut-off agents tell then changes nothing',
  { timeout: 180_000 },
  async () => {
    const { suspectMs, lostMs, graceMs } = DEFAULT_LIMITS;
    const { heartbeatMs, orphanMs } = DEFAULT_SETTINGS;
    const place = new Place(4, {
      // Three of four are silent at once: the brake would hold what they have for them.
      limits: { ...scaled({ suspectMs, lostMs, graceMs }), backoffMs: 100, brakeLeast: 5 },
      settings: scaled({ heartbeatMs, orphanMs }),
    });
    const { cluster, network, sweep, members } = place;
    await place.startCoordinator();
    for (const name of ['ann', 'bob', 'cid']) await place.join(name, 1);
    await place.join('zoe', 4);
    await place.submit(2);
    await cluster.untilEpochs(8);
    const [zoe, ...others] = members.toReversed();

    const beganMs = performance.now();
    for (const [i, { host }] of others.entries()) network.cut(host, WAYS[i] ?? 'both');
    sweep.letPass(4);
    for (const member of others) await sweep.untilTrained(member.folder, 3);
    await cluster.untilTrue(
      'them to be lost',
      `SELECT count(*) = 3 FROM agent WHERE state = 'lost'`,
    );
    const goneOn = 'SELECT count(*) = 3 FROM attempt WHERE attempt = 2 AND ended_ms IS NULL';
    await cluster.untilTrue('their stages to go on', goneOn);
    await cluster.untilEpochs(16);
    await until('ten minutes', () => performance.now() - beganMs > TEN_MINUTES_MS / SCALE);
    for (const { folder } of others) expect(trialProcesses(folder)).not.toEqual([]);

    const before = readRecord(cluster);
    const taken = Number(cluster.value('SELECT sum(last_sequence) FROM agent'));
    for (const [i, { host }] of others.entries()) network.heal(host, WAYS[i] ?? 'both');
    const back = "SELECT count(*) = 4 FROM agent WHERE state = 'connected'";
    await cluster.untilTrue('their return', back);
    for (const { folder } of others)
      await until('the end of its trial', () => trialProcesses(folder).length === 0);
    expect(cluster.value('SELECT sum(last_sequence) FROM agent')).toBeGreaterThan(taken);
    expect(readRecord(cluster)).toEqual(before);
    expect(trialProcesses(zoe?.folder ?? '')).not.toEqual([]);

    await sweep.expectWhole(cluster);
    expect(cluster.rows('SELECT end, count(*) FROM attempt GROUP BY end ORDER BY end')).toEqual([
      ['completed', 4],
      ['lost', 3],
    ]);
  },
);

function scaled<T extends Readonly<Record<string, number>>>(times: T): T {
  const shorter = Object.entries(times).map(([name, value]) => [name, value / SCALE]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, and numbers as before
  return Object.fromEntries(shorter) as T;
}
