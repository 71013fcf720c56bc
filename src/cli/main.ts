#!/usr/bin/env node
// The command line: one file per command, or per family of them; heavy modules are loaded by the commands that need them.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EspalierError, toExitStatus } from '../domain/errors.ts';
import { addIdentityCommands } from './access/identities.ts';
import { addLoginCommand } from './access/login.ts';
import { addTokenCommand } from './access/token.ts';
import { addAgentCommand } from './agent.ts';
import { addAgentsCommand } from './agents.ts';
import { addBackupCommand } from './backup.ts';
import { addBestCommand } from './best.ts';
import { addCheckpointCommand } from './checkpoint.ts';
import { addCloneCommand } from './clone.ts';
import { addCompletionCommands } from './completion.ts';
import { addControlCommands } from './control.ts';
import { addCoordinatorCommand } from './coordinator.ts';
import { addDoctorCommand } from './doctor.ts';
import { addDrainCommand } from './drain.ts';
import { addExportCommand } from './export.ts';
import { addListCommand } from './list.ts';
import { addLogsCommand } from './logs.ts';
import { addLrCommands } from './lr.ts';
import { addPlanCommand } from './plan.ts';
import { addPriorityCommand } from './priority.ts';
import { addQueryCommand } from './query.ts';
import { addReportCommand } from './report.ts';
import { addRestoreCommand } from './restore.ts';
import { addRunCommand } from './run.ts';
import { addShowCommand } from './show.ts';
import { addSubmitCommand } from './submit.ts';
import { note } from './output.ts';
import { addVerifyCommand } from './verify.ts';
import { addWatchCommand } from './watch.ts';
import { addWhyCommand } from './why.ts';

const ADD = [
  addRunCommand,
  addPlanCommand,
  addCoordinatorCommand,
  addAgentCommand,
  addTokenCommand,
  addLoginCommand,
  addIdentityCommands,
  addSubmitCommand,
  addWatchCommand,
  addListCommand,
  addShowCommand,
  addWhyCommand,
  addBestCommand,
  addVerifyCommand,
  addCheckpointCommand,
  addLogsCommand,
  addControlCommands,
  addCloneCommand,
  addPriorityCommand,
  addAgentsCommand,
  addDrainCommand,
  addQueryCommand,
  addExportCommand,
  addReportCommand,
  addLrCommands,
  addBackupCommand,
  addRestoreCommand,
  addDoctorCommand,
  addCompletionCommands,
];

await main();

async function main(): Promise<void> {
  process.stdout.on('error', endWith);
  // Nobody is left to tell, and what runs may have to be ended in order.
  process.stderr.on('error', () => undefined);
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

/** Ends when standard output fails. A reader that has seen enough (`| head`) is no failure. */
function endWith(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(0);
  note(`espalier: cannot write to standard output: ${error.message}`);
  process.exit(toExitStatus('storage'));
}

/** Says what went wrong and returns the exit status. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : toExitStatus('usage');
  if (error instanceof EspalierError) {
    if (error.message !== '') note(`espalier: ${error.message}`);
    return toExitStatus(error.code);
  }
  throw error;
}
