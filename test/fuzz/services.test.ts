// Anything at all, said to every method of a real coordinator.

import { credentials, Metadata, status } from '@grpc/grpc-js';
import type { Client } from '@grpc/grpc-js';
import { expect, test, vi } from 'vitest';
import { protocolMetadata } from '../../src/wire/channel.ts';
import { JoinServiceService } from '../../src/wire/generated/espalier/v1/join.ts';
import type { Dice } from '../support/dice.ts';
import { mutate, randomBytes } from './bytes.ts';
import { randomMessages } from './messages.ts';
import type { Method } from './raw-calls.ts';
import { callRaw, METHODS, rawClient } from './raw-calls.ts';
import { forSeeds } from './seeds.ts';
import { startStand } from './stand.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** Without protection nobody joins. */
const OPEN = METHODS.filter(
  ({ path }) => !path.includes(JoinServiceService.join.path.split('/')[1] ?? ''),
);

/** A bug is an answer too, but of the wrong kind; and no more than this is read of what cannot be decoded. */
const EXPECTED = new Set([
  status.OK,
  status.CANCELLED,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.UNIMPLEMENTED,
]);

async function callAny(dice: Dice, client: Client, method: Method, messages: readonly Buffer[]) {
  const { code, details } = await callRaw(client, method, messages, anyMetadata(dice));
  expect(EXPECTED.has(code), `${method.path}: ${status[code]} ${details}`).toBe(true);
  if (code === status.INTERNAL) expect(details, method.path).not.toMatch(/see the log/);
  return code;
}

function anyMetadata(dice: Dice): Metadata {
  if (dice.is(0.9)) return protocolMetadata();
  const metadata = dice.is(0.5) ? new Metadata() : protocolMetadata();
  for (let left = dice.below(4); left > 0; left -= 1)
    metadata.add(
      dice.pick(['espalier-protocol', 'x', 'x-bin']).replace(/x-bin/, 'x'),
      'y'.repeat(dice.below(2_000)),
    );
  return metadata;
}

test('requests that contradict each other, and come in any order, are answered, and break nothing', async () => {
  const stand = await startStand();
  const codes = new Map<status, number>();
  const client = rawClient(stand.address, credentials.createInsecure());
  await forSeeds('contradictions', 60, async (dice) => {
    const calls = Array.from({ length: 12 }, () => dice.pick(OPEN));
    const said = calls.map((method) =>
      callAny(dice, client, method, randomMessages(dice, method.path)),
    );
    for (const code of await Promise.all(said)) codes.set(code, (codes.get(code) ?? 0) + 1);
    await stand.advance();
  });
  await stand.check();
  // Else the requests were not good enough to get anywhere.
  expect(codes.get(status.OK)).toBeGreaterThan(100);
});

test('messages with bytes changed, and garbage, are answered, and break nothing', async () => {
  const stand = await startStand();
  const client = rawClient(stand.address, credentials.createInsecure());
  await forSeeds('garbage', 60, async (dice) => {
    const calls = Array.from({ length: 20 }, () => dice.pick(OPEN));
    const said = calls.map((method) => {
      const other = randomMessages(dice, dice.pick(OPEN).path)[0] ?? Buffer.alloc(0);
      const messages = randomMessages(dice, method.path).map((message) =>
        dice.is(0.2) ? randomBytes(dice, 300) : mutate(dice, message, other),
      );
      return callAny(dice, client, method, messages);
    });
    await Promise.all(said);
    await stand.advance();
  });
  await stand.check();
});
