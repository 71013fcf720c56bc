// `espalier doctor`: what this host has and lacks.

import { cpus } from 'node:os';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import { jsonOption, withExample } from './options.ts';
import { print, printJson, toTable } from './output.ts';

/** One thing that was looked at. `isNeeded`: a sweep cannot run here without it. */
type Finding = {
  readonly what: string;
  readonly present: boolean;
  readonly detail: string;
  readonly isNeeded: boolean;
};

/** Adds the command. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('say what this host has and lacks: Node, backends, GPUs, SQLite, certificates')
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier doctor');
}

async function run(options: { readonly json?: true }): Promise<void> {
  const findings = [
    checkNode(),
    checkCores(),
    await checkSqlite(),
    ...(await checkSlots()),
    await checkConfinement(),
    ...(await checkBackends()),
    ...(await checkCredentials()),
  ];
  const missing = findings.filter((finding) => finding.isNeeded && !finding.present);
  if (options.json) printJson(findings);
  else printFindings(findings, missing);
  // The words are printed already; scripts read the status.
  if (missing.length > 0) throw new EspalierError('unavailable', '');
}

function printFindings(findings: readonly Finding[], missing: readonly Finding[]): void {
  const rows = findings.map(({ what, present, detail, isNeeded }) => [
    present ? 'ok' : isNeeded ? 'MISSING' : 'absent',
    what,
    detail,
  ]);
  for (const line of toTable(['', 'WHAT', 'DETAIL'], rows)) print(line);
  print('');
  print(
    missing.length === 0
      ? 'Sweeps can run here.'
      : `Sweeps cannot run here: ${missing.map(({ what }) => what).join(', ')} missing.`,
  );
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

/** What `espalier login` has brought. Nobody needs any to run a sweep here. */
async function checkCredentials(): Promise<readonly Finding[]> {
  const { listCredentials, personalFolder } = await import('../pki/credential-folder.ts');
  return Promise.all(listCredentials(personalFolder(process.env)).map(checkCredential));
}

async function checkCredential(path: string): Promise<Finding> {
  const { readCredential } = await import('../pki/credential.ts');
  const what = `login ${decodeURIComponent(basename(path, '.pem'))}`;
  try {
    const { kind = '', id = '', untilMs = 0 } = readCredential(path) ?? {};
    const present = untilMs > Date.now();
    const day = new Date(untilMs).toISOString().slice(0, 10);
    const detail = `${kind} ${id}, ${present ? 'until' : 'expired'} ${day}`;
    return { what, present, detail, isNeeded: false };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { what, present: false, detail, isNeeded: false };
  }
}
