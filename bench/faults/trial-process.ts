// Espalier's own trial process, which also writes each epoch that it trains into a journal before it answers: a record that neither
// the agent nor the coordinator has touched. The journal lies beside the folder of the agent.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const ANSWERS = 4;
/** The working folder is `AGENT/work/PROCESS`. */
const JOURNAL = join(process.cwd(), '../../../journal');

const { appendFileSync, writeSync } = fs;

function write(...args: Parameters<typeof writeSync>): number {
  const [descriptor, text] = args;
  if (descriptor === ANSWERS && text.includes('"kind":"trained"')) appendFileSync(JOURNAL, text);
  return writeSync(...args);
}

Object.assign(fs, { writeSync: write });
syncBuiltinESMExports();
await import('../../src/trial/main.js');
