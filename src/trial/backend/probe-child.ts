// The process in which `espalier doctor` tries one backend, named by the first argument.
// Promise: it sends one message to its parent and ends, whatever the backend left running.

import type { ProbeMessage } from './probe-backends.ts';
import { firstLine, parseBackendName } from './select-backend.ts';
import { SoftwareAdapter } from './software-adapter.ts';
import { startBackend } from './start-backend.ts';

async function tryIt(name: string): Promise<ProbeMessage> {
  const backend = parseBackendName(name);
  try {
    const { numerics } = await startBackend(backend, false);
    return { present: true, detail: numerics };
  } catch (error) {
    return error instanceof SoftwareAdapter
      ? trySoftware(name)
      : { present: false, detail: firstLine(error) };
  }
}

async function trySoftware(name: string): Promise<ProbeMessage> {
  const { numerics } = await startBackend(parseBackendName(name), true);
  return {
    present: true,
    detail: `${numerics} (software, taken only where nothing else of the list works)`,
  };
}

const message = await tryIt(process.argv[2] ?? '').catch((error: unknown) => ({
  present: false,
  detail: firstLine(error),
}));
// Native libraries may crash while a process winds down; the answer is out by then.
process.send?.(message, () => process.exit(0));
