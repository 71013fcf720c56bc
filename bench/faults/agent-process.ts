// An agent of one slot with the times of the bench, to be killed. Arguments: the coordinator's address, the agent's folder and name.

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
  ...SETTINGS,
});
