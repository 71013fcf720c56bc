// Machines of their own, as far as the network goes: network namespaces with a cable from the head to each host. Cables can be cut.

import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** What no longer arrives: packets that the host sends, those that are sent to it, or either. Nobody is told. */
export type Cut = 'from the host' | 'to the host' | 'both';

const HEAD_ADDRESS = '10.213.0.1';
/** No end of a cable has it: what is sent there is nobody's. */
const NOBODY = '02:00:00:00:00:99';

/** A host and its end of the cable. */
export type Host = {
  /** Its namespace. */
  readonly name: string;
  readonly end: string;
  readonly address: string;
  /** The head's end of the cable. */
  readonly headEnd: string;
  readonly headAddress: string;
};

/** Whether this test may make namespaces. */
export const hasNamespaces = process.getuid?.() === 0 && canMakeNamespaces();
if (!hasNamespaces) process.stderr.write('skipped: network namespaces need root and iproute2\n');

/** A head and some hosts, gone when the test ends. */
export class Network {
  /** The namespace of the head, and the address by which hosts reach it. */
  readonly head = makeNamespace('head');
  readonly address = HEAD_ADDRESS;
  readonly hosts: readonly Host[];

  constructor(count: number) {
    ip('-n', this.head, 'address', 'add', `${HEAD_ADDRESS}/32`, 'dev', 'lo');
    this.hosts = Array.from({ length: count }, (_, i) => connect(this.head, i + 1));
  }

  /** From now on packets get lost. */
  cut(host: Host, way: Cut): void {
    if (way === 'both') ip('-n', this.head, 'link', 'set', host.headEnd, 'down');
    if (way === 'to the host') misdirect(this.head, host.address, host.headEnd);
    if (way === 'from the host') misdirect(host.name, host.headAddress, host.end);
  }

  /** From now on they arrive again. */
  heal(host: Host, way: Cut): void {
    if (way === 'both') ip('-n', this.head, 'link', 'set', host.headEnd, 'up');
    if (way === 'to the host') direct(this.head, host.address, host.headEnd);
    if (way === 'from the host') direct(host.name, host.headAddress, host.end);
  }

  /** Both ends of each connection with the host are told that it was reset. */
  reset(host: Host): void {
    run('ip', ['netns', 'exec', this.head, 'ss', '--tcp', '--kill', 'dst', host.address]);
  }
}

function connect(head: string, number: number): Host {
  const host = {
    name: makeNamespace(`host${number}`),
    end: `eb${number}`,
    address: `10.213.${number}.2`,
    headEnd: `ea${number}`,
    headAddress: `10.213.${number}.1`,
  };
  const { name, end, headEnd, headAddress } = host;
  ip('-n', head, 'link', 'add', headEnd, 'type', 'veth', 'peer', 'name', end, 'netns', name);
  for (const [where, device, address] of [
    [head, headEnd, headAddress],
    [name, end, host.address],
  ] as const) {
    ip('-n', where, 'address', 'add', `${address}/24`, 'dev', device);
    ip('-n', where, 'link', 'set', device, 'up');
  }
  ip('-n', name, 'route', 'add', HEAD_ADDRESS, 'via', headAddress);
  return host;
}

function makeNamespace(role: string): string {
  const name = `espalier-${process.pid}-${role}`;
  ip('netns', 'add', name);
  onTestFinished(() => ip('netns', 'del', name));
  ip('-n', name, 'link', 'set', 'lo', 'up');
  return name;
}

function misdirect(where: string, address: string, device: string): void {
  const to = ['to', address, 'lladdr', NOBODY, 'dev', device, 'nud', 'permanent'];
  ip('-n', where, 'neigh', 'replace', ...to);
}

function direct(where: string, address: string, device: string): void {
  ip('-n', where, 'neigh', 'del', 'to', address, 'dev', device);
}

function canMakeNamespaces(): boolean {
  const name = `espalier-${process.pid}-try`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    return false;
  }
}

function ip(...args: readonly string[]): void {
  run('ip', args);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
