// The long simulation: 2,000 worlds, with 5,000 things that happen in each.

import { test } from 'vitest';
import { runLong } from './run-long.ts';

test('worlds of any kind keep every promise after everything that happens, and come to what their trials come to alone', async () =>
  runLong());
