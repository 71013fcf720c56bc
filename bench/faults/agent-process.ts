// An agent of one slot with the times of the bench, to be killed; its trials keep a journal. Arguments: the coordinator's address, the agent's folder and name.

import { fileURLToPath } from 'node:url';
import { runAgent } from '../../agent/main.ts';
import { print } from '../print.ts';
import { SETTINGS } from './times.ts';

const [coordinator = '', state = '', name = ''] = process.argv.slice(2);
await runAgent({
  coordinator,
  state,
  name,
  slots: 1,
  findGpus: async () => [],
  log: print,
  trialArgv: [process.execPath, fileURLToPath(new URL('./trial-process.js', import.meta.url))],
  ...SETTINGS,
});
