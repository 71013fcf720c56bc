// Half of the long simulation: worlds are dealt out to as many files as there are cores to expect.

import { test } from 'vitest';
import { runLong } from './run-long.ts';

test('worlds of any kind come to what their trials come to alone', async () => runLong(1, 2));
