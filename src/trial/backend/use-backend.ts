// Making a registered backend tfjs's current one.
// Promise: it throws where tfjs only answers false.

import * as tf from '@tensorflow/tfjs';

/** Makes the backend that tfjs calls `registered` the current one; throws where it does not start. */
export async function use(registered: string): Promise<void> {
  // A backend that failed to start stays the current one by name; only the answer tells.
  if (!(await tf.setBackend(registered))) throw new Error('tfjs could not start it');
}
