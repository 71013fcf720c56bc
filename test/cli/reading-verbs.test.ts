// What holds for every command that shows something: programs can read it, and its help has an example.

import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addAgentsCommand } from '../../src/cli/agents.ts';
import { addBestCommand } from '../../src/cli/best.ts';
import { addDoctorCommand } from '../../src/cli/doctor.ts';
import { addExportCommand } from '../../src/cli/export.ts';
import { addListCommand } from '../../src/cli/list.ts';
import { addLogsCommand } from '../../src/cli/logs.ts';
import { addPlanCommand } from '../../src/cli/plan.ts';
import { addQueryCommand } from '../../src/cli/query.ts';
import { addShowCommand } from '../../src/cli/show.ts';
import { addVerifyCommand } from '../../src/cli/verify.ts';

test.each([
  ['agents', addAgentsCommand],
  ['best', addBestCommand],
  ['doctor', addDoctorCommand],
  ['export', addExportCommand],
  ['logs', addLogsCommand],
  ['ls', addListCommand],
  ['plan', addPlanCommand],
  ['query', addQueryCommand],
  ['show', addShowCommand],
  ['verify', addVerifyCommand],
])('"%s" prints JSON where it is asked to, and its help has an example', (name, add) => {
  const program = new Command('espalier');
  add(program);
  const [command] = program.commands;
  expect(command?.name()).toBe(name);
  let help = '';
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help).toMatch(/ --json /);
  expect(help).toContain(`Example:\n  espalier ${name}`);
});
