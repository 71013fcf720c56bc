// A coordinator with the times of the bench, to be killed. Arguments: the state folder, and the port or 0.

import { startCoordinator } from '../../coordinator/main.ts';
import { print } from '../print.ts';
import { LIMITS } from './times.ts';

const [state = '', port] = process.argv.slice(2);
const coordinator = await startCoordinator({
  listen: { host: '127.0.0.1', port: Number(port) },
  state,
  insecure: false,
  limits: LIMITS,
  log: print,
});
process.once('SIGTERM', () => void coordinator.close());
await coordinator.ended;
