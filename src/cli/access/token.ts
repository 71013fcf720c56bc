// `espalier token create`: prints the line that lets somebody in.

import { hostname } from 'node:os';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { EspalierError } from '../../domain/errors.ts';
import type { IdentityKind } from '../../pki/identity.ts';
import { isIdentityName, KINDS } from '../../pki/identity.ts';
import { readCoordinator } from '../../storage/state-folder.ts';
import { toJoinAddress } from '../hint.ts';
import type { StateOption } from '../options.ts';
import { jsonOption, stateOption, withExample } from '../options.ts';
import { note, print, printJson } from '../output.ts';

type Options = StateOption & {
  readonly kind: IdentityKind;
  readonly name?: string;
  readonly ttl: number;
  readonly address?: string;
  readonly json?: true;
};

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MOST_MS = 7 * UNIT_MS.d;

/** Adds the command. */
export function addTokenCommand(program: Command): void {
  const token = program.command('token').description('let agents and people in');
  const command = token
    .command('create')
    .description(
      "on the coordinator's host: print a line that lets one agent or one person in, once",
    )
    .addOption(new Option('--kind <kind>', 'who is let in').choices(KINDS).default('agent'))
    .addOption(
      new Option('--name <name>', 'how it is known (default: as it says itself)').argParser(toName),
    )
    .addOption(
      new Option('--ttl <time>', 'how long the line is good, such as 90s, 15m, 2h or 1d')
        .argParser(toMilliseconds)
        .default(15 * UNIT_MS.m, '15m'),
    )
    .option(
      '--address <host:port>',
      "the coordinator's address as others see it (default: the one that it listens on, or this host's name)",
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier token create',
    'espalier token create --kind reader --name ada --ttl 1d',
  );
}

async function run(options: Options): Promise<void> {
  const { state, kind, name = '', ttl, json } = options;
  const address = options.address ?? findAddress(state);
  const { createToken } = await import('../../../coordinator/access/desk.ts');
  const nowMs = Date.now();
  const token = createToken(state, { kind, name, lifeMs: ttl }, nowMs);
  const command = kind === 'agent' ? 'agent' : 'login';
  if (json) return printJson({ address, token, kind, expires_ms: nowMs + ttl });
  print(`espalier ${command} --join ${address} --token ${token}`);
  note(`lets one ${kind} in, once, until ${new Date(nowMs + ttl).toLocaleTimeString()}`);
}

function findAddress(state: string): string {
  const coordinator = readCoordinator(state);
  if (coordinator?.isProtected === true) return toJoinAddress(coordinator.address, hostname());
  throw new EspalierError(
    coordinator === undefined ? 'unavailable' : 'usage',
    coordinator === undefined
      ? `no coordinator is running in ${state}: start one with "espalier coordinator --listen 0.0.0.0:7700", or name its address with --address`
      : `the coordinator at ${coordinator.address} lets in everybody who reaches it, without a token: one that asks for certificates is started with "espalier coordinator --listen 0.0.0.0:7700"`,
  );
}

function toName(text: string): string {
  if (isIdentityName(text)) return text;
  throw new InvalidArgumentError('It can have letters, digits, ".", "_", "-", "+" and "@".');
}

function toMilliseconds(text: string): number {
  const match = /^(?<count>\d{1,6})(?<unit>[smhd])$/.exec(text);
  const unit = match?.groups?.['unit'];
  const unitMs = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? UNIT_MS[unit] : 0;
  const ms = Number(match?.groups?.['count'] ?? 0) * unitMs;
  if (ms > 0 && ms <= MOST_MS) return ms;
  throw new InvalidArgumentError('It must be such as 90s, 15m, 2h or 1d, at most 7d.');
}
