// Starts the backend of a test as a trial process does, with the training kernels.

import { selectBackend } from '../../src/trial/backend/select-backend.ts';

/** Makes `name` the backend of this test file. */
export async function startBackend(name: 'cpu' | 'wasm'): Promise<void> {
  await selectBackend([name]);
}
