// Two machines, as far as the network goes: a coordinator and an agent in network namespaces of their own, joined by a cable.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAddress } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Running } from '../support/processes.ts';
import { espalier, espalierIn, until } from '../support/processes.ts';
import { Cluster } from './cluster.ts';
import { hasNamespaces, Network } from './network.ts';

const SWEEP = join(import.meta.dirname, 'fixtures/steady.yaml');

test.skipIf(!hasNamespaces)(
  'an agent on another machine is let in by the printed line alone, and a sweep is trained over TLS',
  { timeout: 120_000 },
  async () => {
    const { head, address: listen, hosts } = new Network(1);
    const host = hosts[0]?.name ?? '';
    const cluster = new Cluster();
    espalierIn(head, ['coordinator', '--state', cluster.state, '--listen', `${listen}:0`]);
    const address = await until('the coordinator', () => readAddress(cluster.state));
    const words = await printedLine(cluster.state, ['--name', 'host']);
    expect(words.slice(0, 4)).toEqual(['agent', '--join', address, '--token']);
    const agent = espalierIn(host, words, { cwd: temporaryFolder() });
    await until('the agent', () => agent.output().includes('connected to the coordinator'));
    const submission = ['submit', SWEEP, '--state', cluster.state];
    expect(await outputOf(espalierIn(head, submission))).toContain('8 trials submitted');
    await cluster.untilCompleted('steady');
    expect(cluster.rows('SELECT name FROM agent')).toEqual([['host']]);
    const env = { XDG_CONFIG_HOME: temporaryFolder() };
    const login = await printedLine(cluster.state, ['--kind', 'reader', '--name', 'ada']);
    expect(await outputOf(espalierIn(host, login, { env }))).toContain('knows you as reader ada');
    const steering = espalierIn(host, ['pause', 'steady', '--coordinator', address], { env });
    expect(await steering.ended).toBe(10);
    expect(steering.output()).toContain("a reader's");
    const view = ['watch', 'steady', '--until-ended', '--plain', '--coordinator', address];
    expect(await outputOf(espalierIn(host, view, { env }))).toContain('steady');
    const plain = espalierIn(host, ['watch', '--plain', '--coordinator', address]);
    expect(await plain.ended).toBe(10);
    expect(plain.output()).toContain('asks for a certificate');
    const revocation = espalier(['revoke', 'host', '--state', cluster.state]);
    expect(await revocation.ended).toBe(0);
    expect(await agent.ended).toBe(10);
    expect(agent.output()).toContain('agent host has been revoked');
  },
);

/** The words after `espalier` of the line that lets somebody in. */
async function printedLine(state: string, options: readonly string[]): Promise<readonly string[]> {
  const output = await outputOf(espalier(['token', 'create', '--state', state, ...options]));
  return /^espalier (.*)$/m.exec(output)?.[1]?.split(' ') ?? [];
}

async function outputOf(running: Running): Promise<string> {
  if ((await running.ended) !== 0) throw new Error(running.output());
  return running.output();
}
