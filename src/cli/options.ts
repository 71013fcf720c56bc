// Options that several commands share, and what they mean.

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import { DEFAULT_STATE, readAddress } from '../storage/state-folder.ts';

/** setTimeout counts milliseconds in 31 bits. */
const SECONDS_MOST = 2_000_000;

export type StateOption = { readonly state: string };
export type ServerOptions = StateOption & { readonly coordinator?: string };

/** `--state FOLDER`. */
export function stateOption(): Option {
  return new Option('--state <folder>', 'where the coordinator keeps its database')
    .default(DEFAULT_STATE)
    .env('ESPALIER_STATE')
    .argParser((folder) => resolve(folder));
}

/** `--db FILE`. */
export function databaseOption(): Option {
  return new Option(
    '--db <file>',
    'a copy of a database (default: that of the state folder)',
  ).argParser((file) => resolve(file));
}

/** `--coordinator HOST:PORT`. */
export function coordinatorOption(): Option {
  return new Option(
    '--coordinator <host:port>',
    "the coordinator's address (default: the one that the state folder names)",
  ).env('ESPALIER_COORDINATOR');
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON');
}

/** The address to dial. @throws EspalierError `unavailable` if none is known */
export function addressOf(options: ServerOptions): string {
  const address = options.coordinator ?? readAddress(resolve(options.state));
  if (address === '')
    throw new EspalierError('usage', '--coordinator must be HOST:PORT, not empty');
  if (address !== undefined) return address;
  throw new EspalierError(
    'unavailable',
    `no coordinator is running in ${options.state}: start one with "espalier coordinator", or name one with --coordinator HOST:PORT`,
  );
}

/** Slots that one agent can offer. */
export const SLOTS_MOST = 256;

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const limit = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}${limit}.`);
  };
}

/** Seconds, up to the most that a timer can count. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= SECONDS_MOST) return value;
  throw new InvalidArgumentError(
    `It must be a number of seconds above 0, at most ${SECONDS_MOST}.`,
  );
}

/** How long trials may be silent, in seconds. */
export type TimeoutOptions = { readonly openTimeout?: number; readonly epochTimeout?: number };

/** `--open-timeout SECONDS` and `--epoch-timeout SECONDS`. */
export function timeoutOptions(): readonly Option[] {
  return [
    new Option(
      '--open-timeout <seconds>',
      'fail a trial whose open takes longer: imports, data, model, or which takes longer to save or restore (default: 120)',
    ).argParser(seconds),
    new Option(
      '--epoch-timeout <seconds>',
      'fail a trial of which an epoch takes longer (default: no limit)',
    ).argParser(seconds),
  ];
}

/** Host and port of `text`, `PORT` alone meaning loopback. */
export function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+)):)?(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  if (match === null || port > 65_535)
    throw new InvalidArgumentError('It must be HOST:PORT, such as 127.0.0.1:7700.');
  return { host: match.groups?.['v6'] ?? match.groups?.['name'] ?? '127.0.0.1', port };
}

/** Adds an example to a command's help. */
export function withExample(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExample:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
