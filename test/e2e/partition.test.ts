// Partitions, with the built program on hosts of their own that joined by the printed line: cables that are cut both ways and one
// way, connections that are reset, and one of which the other end has died unheard.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../agent/options.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import { CHANNEL_OPTIONS } from '../../src/wire/channel.ts';
import { readAddress } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, espalierIn, type Running, trialProcesses, until } from '../support/processes.ts';
import { Cluster, runUndisturbed } from './cluster.ts';
import { type Cut, hasNamespaces, type Host, Network } from './network.ts';

const TRIAL = join(import.meta.dirname, 'fixtures/gated.ts');
const PRELOAD = join(import.meta.dirname, 'fixtures/times.mjs');
const EPOCHS = 6;
const WAYS: readonly Cut[] = ['both', 'from the host', 'to the host'];
/** All times that have to do with contact are so many times shorter. */
const SCALE = 30;
const TEN_MINUTES_MS = 600_000;

/** What differs from the defaults of the program. */
type Times = {
  readonly limits?: Partial<typeof DEFAULT_LIMITS>;
  readonly settings?: Partial<typeof DEFAULT_SETTINGS>;
};

const KEEPALIVE = Object.fromEntries(
  ['grpc.keepalive_time_ms', 'grpc.keepalive_timeout_ms'].map((name) => [
    name,
    Number(CHANNEL_OPTIONS[name]) / SCALE,
  ]),
);

/** A host that has joined. */
type Member = { readonly host: Host; readonly folder: string; readonly agent: Running };

/** Hosts around a coordinator with TLS, and a sweep whose epochs wait for their turn. */
class Place {
  readonly cluster = new Cluster();
  readonly network: Network;
  readonly members: Member[] = [];
  readonly #gate = join(temporaryFolder(), 'gate');
  readonly #journal = join(temporaryFolder(), 'journal');
  readonly #file = join(temporaryFolder(), 'sweep.yaml');
  readonly #env: NodeJS.ProcessEnv;
  #coordinator: Running | undefined;

  constructor(hosts: number, times: Times) {
    this.network = new Network(hosts);
    const text = JSON.stringify({ ...times, channel: KEEPALIVE });
    this.#env = { NODE_OPTIONS: `--import=${PRELOAD}`, ESPALIER_TEST_TIMES: text };
  }

  async startCoordinator(listen = `${this.network.address}:0`): Promise<void> {
    const args = ['coordinator', '--state', this.cluster.state, '--listen', listen];
    this.#coordinator = espalierIn(this.network.head, args, { env: this.#env });
    await until('the coordinator', () => this.#coordinator?.output().includes('listening on'));
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

  /** Submits as many trials as there are hosts, of which the epochs below a number are trained. */
  async submit(below: number): Promise<void> {
    this.letPass(below);
    const config = { gate: this.#gate, journal: this.#journal };
    const lines = [
      'name: gated',
      `trial: ${TRIAL}`,
      'objective: { metric: val_loss, mode: min }',
      `epochs: ${EPOCHS}`,
      `seeds: [${this.members.map((_, i) => i + 1).join(', ')}]`,
      'backends: [cpu]',
      'checkpoint_every: 1 epochs',
      `config: ${JSON.stringify(config)}`,
      'learning_rate: [{ strategy: fixed, lr: 0.1 }]',
    ];
    writeFileSync(this.#file, lines.join('\n'));
    const args = ['submit', this.#file, '--state', this.cluster.state];
    const submission = espalierIn(this.network.head, args);
    if ((await submission.ended) !== 0) throw new Error(submission.output());
  }

  letPass(below: number): void {
    writeFileSync(this.#gate, String(below));
  }

  /** Waits until a host has trained an epoch, whoever knows of it. */
  async untilTrained({ folder }: Member, epoch: number): Promise<void> {
    const isIt = (line: string): boolean => line.startsWith(folder) && line.endsWith(` ${epoch}`);
    await until(`epoch ${epoch}`, () => this.#readJournal().some(isIt));
  }

  #readJournal(): readonly string[] {
    return existsSync(this.#journal) ? readFileSync(this.#journal, 'utf8').split('\n') : [];
  }

  get recorded(): readonly (readonly unknown[])[] {
    const sql = `
      SELECT t.number, t.state, t.epochs_done, e.epoch, e.attempt, e.recorded_ms, m.name, m.value
      FROM trial t JOIN epoch e USING (stage_id) JOIN metric m USING (stage_id, epoch)
      ORDER BY t.number, e.epoch, m.name`;
    return this.cluster.rows(sql);
  }

  /** Each trial ended once, with every epoch once, and all of it is what an undisturbed run comes to, in every bit. */
  async expectWhole(): Promise<void> {
    const { cluster, members } = this;
    await cluster.untilCompleted('gated');
    const undisturbed = await runUndisturbed(this.#file);
    expect(cluster.histories()).toEqual(undisturbed.histories());
    const ended = "SELECT count(*), count(DISTINCT subject) FROM fact WHERE kind = 'trial-ended'";
    expect(cluster.rows(ended)).toEqual([[members.length, members.length]]);
    expect(cluster.value('SELECT count(*) FROM epoch')).toBe(members.length * EPOCHS);
    expect(cluster.value('SELECT min(reproducible) FROM stage')).toBe(1);
    expect(cluster.value('PRAGMA integrity_check')).toBe('ok');
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
    const { cluster, network, members } = place;
    await place.startCoordinator();
    for (const name of ['ann', 'bob', 'cid']) await place.join(name, 1);
    await place.submit(1);
    await cluster.untilEpochs(3);

    for (const [i, { host }] of members.entries()) network.cut(host, WAYS[i] ?? 'both');
    place.letPass(2);
    for (const member of members) {
      await place.untilTrained(member, 1);
      await until('it to notice', () => losses(member) > 0);
    }
    // What it trained while nothing from it could arrive is on nobody's record but its own.
    expect(cluster.value('SELECT count(*) FROM epoch')).toBeLessThanOrEqual(4);
    for (const [i, { host }] of members.entries()) network.heal(host, WAYS[i] ?? 'both');
    await cluster.untilEpochs(6);
    await untilConnected(members);

    const before = members.map(losses);
    for (const { host } of members) network.reset(host);
    place.letPass(3);
    for (const [i, member] of members.entries())
      await until('the reset', () => losses(member) > (before[i] ?? 0));
    await cluster.untilEpochs(9);
    await untilConnected(members);

    const address = readAddress(cluster.state) ?? '';
    for (const { host } of members) network.cut(host, 'both');
    await place.killCoordinator();
    await place.startCoordinator(address);
    for (const { host } of members) network.heal(host, 'both');
    place.letPass(EPOCHS);
    await place.expectWhole();
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
    const { cluster, network, members } = place;
    await place.startCoordinator();
    for (const name of ['ann', 'bob', 'cid']) await place.join(name, 1);
    await place.join('zoe', 4);
    await place.submit(2);
    await cluster.untilEpochs(8);
    const [zoe, ...others] = members.toReversed();

    const beganMs = performance.now();
    for (const [i, { host }] of others.entries()) network.cut(host, WAYS[i] ?? 'both');
    place.letPass(4);
    for (const member of others) await place.untilTrained(member, 3);
    await cluster.untilTrue(
      'them to be lost',
      `SELECT count(*) = 3 FROM agent WHERE state = 'lost'`,
    );
    const goneOn = 'SELECT count(*) = 3 FROM attempt WHERE attempt = 2 AND ended_ms IS NULL';
    await cluster.untilTrue('their stages to go on', goneOn);
    await cluster.untilEpochs(16);
    await until('ten minutes', () => performance.now() - beganMs > TEN_MINUTES_MS / SCALE);
    for (const { folder } of others) expect(trialProcesses(folder)).not.toEqual([]);

    const before = place.recorded;
    const taken = Number(cluster.value('SELECT sum(last_sequence) FROM agent'));
    for (const [i, { host }] of others.entries()) network.heal(host, WAYS[i] ?? 'both');
    const back = "SELECT count(*) = 4 FROM agent WHERE state = 'connected'";
    await cluster.untilTrue('their return', back);
    for (const { folder } of others)
      await until('the end of its trial', () => trialProcesses(folder).length === 0);
    expect(cluster.value('SELECT sum(last_sequence) FROM agent')).toBeGreaterThan(taken);
    expect(place.recorded).toEqual(before);
    expect(trialProcesses(zoe?.folder ?? '')).not.toEqual([]);

    place.letPass(EPOCHS);
    await place.expectWhole();
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
