// `espalier lr …`: strategies without a sweep, one file a command in lr/.

import type { Command } from 'commander';
import { addFindCommand } from './lr/find.ts';
import { addPlotCommand } from './lr/plot.ts';
import { addTraceCommand } from './lr/trace.ts';

/** Adds the `lr` commands to the command line. */
export function addLrCommands(program: Command): void {
  const lr = program.command('lr').description('learning-rate strategies without a sweep');
  for (const add of [addTraceCommand, addPlotCommand, addFindCommand]) add(lr);
}
