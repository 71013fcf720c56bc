// Two machines, as far as the network goes: a coordinator and an agent in network namespaces of their own, joined by a cable.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readAddress } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Running } from '../support/processes.ts';
import { espalier, espalierIn, until } from '../support/processes.ts';
import { Cluster } from './cluster.ts';

const SWEEP = join(import.meta.dirname, 'fixtures/steady.yaml');
const [HEAD, HOST] = ['10.213.7.1', '10.213.7.2'];

const isRoot = process.getuid?.() === 0 && hasNamespaces();
if (!isRoot) process.stderr.write('skipped: network namespaces need root and iproute2\n');

test.skipIf(!isRoot)(
  'an agent on another machine is let in by the printed line alone, and a sweep is trained over TLS',
  { timeout: 120_000 },
  async () => {
    const [head, host] = connectNamespaces();
    const cluster = new Cluster();
    espalierIn(head, ['coordinator', '--state', cluster.state, '--listen', `${HEAD}:0`]);
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

/** Two namespaces with a cable between them; gone when the test ends. */
function connectNamespaces(): readonly [string, string] {
  const [head, host] = [`espalier-${process.pid}-a`, `espalier-${process.pid}-b`];
  const [headEnd, hostEnd] = [`ea${process.pid}`, `eb${process.pid}`];
  for (const name of [head, host]) {
    ip('netns', 'add', name);
    onTestFinished(() => ip('netns', 'del', name));
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('-n', head, 'link', 'add', headEnd, 'type', 'veth', 'peer', 'name', hostEnd, 'netns', host);
  for (const [name, end, address] of [
    [head, headEnd, HEAD],
    [host, hostEnd, HOST],
  ] as const) {
    ip('-n', name, 'address', 'add', `${address}/24`, 'dev', end);
    ip('-n', name, 'link', 'set', end, 'up');
  }
  return [head, host];
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function hasNamespaces(): boolean {
  const name = `espalier-${process.pid}-try`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    return false;
  }
}
