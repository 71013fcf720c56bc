// `espalier doctor`: what this host has and lacks.

import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import type { Finding } from './doctor/finding.ts';
import { toFindingLines } from './doctor/finding.ts';
import type { ServerOptions } from './options.ts';
import { jsonOption, parseListen, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';

type Options = ServerOptions & {
  readonly agentState?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly json?: true;
};

/** Adds the command. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'say what this host has and lacks: Node, backends, GPUs, SQLite, certificates, coordinators, ports',
    )
    .addOption(stateOption())
    .option('--agent-state <folder>', "the agent's own folder (default: agent in the state folder)")
    .addOption(
      new Option('--listen <host:port>', 'where a coordinator is to listen')
        .argParser(parseListen)
        .default({ host: '127.0.0.1', port: 7700 }, '127.0.0.1:7700'),
    )
    .option(
      '--coordinator <host:port>',
      'a coordinator to look for, besides those that are known here',
    )
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier doctor');
}

async function run(options: Options): Promise<void> {
  const findings = [
    checkNode(),
    checkCores(),
    await checkSqlite(),
    ...(await checkSlots()),
    await checkConfinement(),
    ...(await checkBackends()),
    ...(await checkWhoIsLetIn(options)),
    ...(await checkCoordinators(options)),
    await checkListening(options),
  ];
  const missing = findings.filter((finding) => finding.isNeeded && !finding.present);
  if (options.json) printJson(findings);
  else for (const line of toFindingLines(findings)) print(line);
  // The words are printed already; scripts read the status.
  if (missing.length > 0) throw new EspalierError('unavailable', '');
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const present = major > 20 || (major === 20 && minor >= 19);
  const hint = major < 22 ? '; Node 20 no longer gets security patches, 22 or 24 is better' : '';
  return {
    what: 'Node.js',
    present,
    detail: `${process.versions.node}, 20.19 or later is needed${hint}`,
    isNeeded: true,
  };
}

function checkCores(): Finding {
  const cores = cpus();
  return {
    what: 'CPU',
    present: true,
    detail: `${cores.length} cores, ${cores[0]?.model.trim() ?? 'unknown model'}`,
    isNeeded: true,
  };
}

async function checkSqlite(): Promise<Finding> {
  try {
    const { findSqlite } = await import('../../coordinator/main.ts');
    return { what: 'SQLite', present: true, detail: findSqlite(), isNeeded: true };
  } catch (error) {
    return { what: 'SQLite', present: false, detail: toWords(error), isNeeded: true };
  }
}

function toWords(error: unknown): string {
  if (error instanceof EspalierError) return error.message;
  const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return `${why}; a C++ compiler is needed to install better-sqlite3`;
}

async function checkSlots(): Promise<readonly Finding[]> {
  const { findSlots } = await import('../../agent/main.ts');
  const slots = await findSlots();
  const gpus = slots.filter((slot) => slot.kind === 'gpu');
  const detail =
    gpus.length === 0
      ? 'nvidia-smi finds none: trials run on CPU slots'
      : gpus.map((slot) => `${slot.name} ${slot.description}`).join(', ');
  return [
    { what: 'GPU', present: gpus.length > 0, detail, isNeeded: false },
    {
      what: 'slots',
      present: slots.length > 0,
      detail: `${slots.length} by default`,
      isNeeded: true,
    },
  ];
}

async function checkConfinement(): Promise<Finding> {
  const { findConfinement } = await import('../../agent/main.ts');
  const { isSure, words } = await findConfinement();
  return { what: 'process trees', present: isSure, detail: words, isNeeded: false };
}

async function checkBackends(): Promise<readonly Finding[]> {
  const { probeBackends } = await import('../trial/backend/probe-backends.ts');
  const probes = await probeBackends();
  return probes.map(({ name, present, detail }) => ({
    what: `backend ${name}`,
    present,
    detail,
    isNeeded: name === 'cpu',
  }));
}

/** Certificates of people, agents and coordinators of this host. Nobody needs any to run a sweep here. */
async function checkWhoIsLetIn({ state, agentState }: Options): Promise<readonly Finding[]> {
  const { agentFolder, personalFolder } = await import('../pki/credential-folder.ts');
  const { checkCredentials } = await import('./doctor/credentials.ts');
  const { checkAccess } = await import('./doctor/access.ts');
  const nowMs = Date.now();
  return [
    ...checkCredentials(personalFolder(process.env), 'login', nowMs),
    ...checkCredentials(agentFolder(agentState ?? join(state, 'agent')), 'agent', nowMs),
    ...(await checkAccess(state, nowMs)),
  ];
}

/** Coordinators as this host reaches them, and its clock against theirs. */
async function checkCoordinators(options: Options): Promise<readonly Finding[]> {
  const { checkReach, listKnown } = await import('./doctor/reach.ts');
  const { checkClock } = await import('./doctor/clock.ts');
  const { state, agentState = join(state, 'agent'), coordinator } = options;
  const known = listKnown(state, agentState, coordinator);
  const reaches = await Promise.all(known.map((one) => checkReach(one, Date.now)));
  return [...reaches.map(({ finding }) => finding), checkClock(Date.now(), reaches)];
}

async function checkListening({ listen, state }: Options): Promise<Finding> {
  const { checkPort } = await import('./doctor/port.ts');
  return checkPort(listen, state);
}
