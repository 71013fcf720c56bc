// Trying the backends, each in a process of its own.

import { expect, test } from 'vitest';
import { probeBackends } from '../../../src/trial/backend/probe-backends.ts';
import { BACKENDS } from '../../../src/trial/backend/select-backend.ts';

test('every backend has an entry, those that need nothing are present, and the others say why not', async () => {
  const probes = await probeBackends();
  expect(probes.map(({ name }) => name)).toEqual(BACKENDS);
  const present = probes.filter((probe) => probe.present).map(({ name }) => name);
  expect(present).toEqual(expect.arrayContaining(['wasm', 'cpu']));
  for (const { detail } of probes) expect(detail).not.toBe('');
}, 120_000);
