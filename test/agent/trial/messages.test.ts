// What an attempt comes to when its process answers with a failure.

import { expect, test } from 'vitest';
import { toFailure } from '../../../agent/trial/messages.ts';

const TRAINER = { ask: async () => ({ kind: 'closed' }) as const, tail: () => '' };

test.each([
  'ENOSPC: no space left on device, write',
  '[Errno 28] No space left on device',
  'EDQUOT: disk quota exceeded, open',
])('a disk that takes nothing more is the host’s fault, not the trial’s: %s', (message) => {
  const ending = toFailure('save', { kind: 'failed', message }, TRAINER);
  expect(ending).toEqual({ outcome: 'lost', message });
});

test('any other failure is the trial’s own', () => {
  const ending = toFailure('epoch', { kind: 'failed', message: 'the disk of dreams' }, TRAINER);
  expect(ending).toEqual({ outcome: 'failed', message: 'the disk of dreams' });
});
