#!/usr/bin/env node
// The command line: one file per command; heavy modules are loaded by the commands that need them.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EspalierError, toExitStatus } from '../domain/errors.ts';
import { addAgentCommand } from './agent.ts';
import { addBestCommand } from './best.ts';
import { addCancelCommand } from './cancel.ts';
import { addCoordinatorCommand } from './coordinator.ts';
import { addDoctorCommand } from './doctor.ts';
import { addListCommand } from './list.ts';
import { addLogsCommand } from './logs.ts';
import { addLrCommands } from './lr.ts';
import { addQueryCommand } from './query.ts';
import { addRunCommand } from './run.ts';
import { addShowCommand } from './show.ts';
import { addSubmitCommand } from './submit.ts';
import { addWatchCommand } from './watch.ts';

const ADD = [
  addRunCommand,
  addCoordinatorCommand,
  addAgentCommand,
  addSubmitCommand,
  addWatchCommand,
  addListCommand,
  addShowCommand,
  addBestCommand,
  addLogsCommand,
  addCancelCommand,
  addQueryCommand,
  addLrCommands,
  addDoctorCommand,
];

await main();

async function main(): Promise<void> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', () => process.exit(0));
  const program = createProgram();
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function createProgram(): Command {
  const program = new Command('espalier')
    .description('Learning-rate sweeps on many machines: exact strategies, every result in SQLite.')
    .version(readVersion())
    .showHelpAfterError('(--help shows what can be said)')
    .exitOverride()
    .addHelpText(
      'after',
      '\nExample:\n  espalier run examples/digits/sweep.yaml   # everything in one: coordinator, agent, dashboard',
    );
  for (const add of ADD) add(program);
  return program;
}

function readVersion(): string {
  const found: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return found.version;
}

/** Says what went wrong and returns the exit status. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : toExitStatus('usage');
  if (error instanceof EspalierError) {
    if (error.message !== '') process.stderr.write(`espalier: ${error.message}\n`);
    return toExitStatus(error.code);
  }
  throw error;
}
