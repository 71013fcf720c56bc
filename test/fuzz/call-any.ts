// A call with anything in it, and what may come of that.

import type { Client } from '@grpc/grpc-js';
import { Metadata, status } from '@grpc/grpc-js';
import { expect } from 'vitest';
import { protocolMetadata } from '../../src/wire/channel.ts';
import { PROTOCOL_KEY } from '../../src/wire/protocol.ts';
import type { Dice } from '../support/dice.ts';
import { mutate, randomBytes } from './bytes.ts';
import type { Gossip } from './gossip.ts';
import { randomMessages } from './messages.ts';
import type { Method } from './raw-calls.ts';
import { callRaw } from './raw-calls.ts';

/** A status is an answer; these two are none that a coordinator gives of itself. */
const UNEXPECTED = new Set([status.UNKNOWN, status.ABORTED]);

/** Calls, and says how it went. A bug is an answer too, but one that fails the test. */
export async function callAny(
  dice: Dice,
  client: Client,
  method: Method,
  messages: readonly Buffer[],
  gossip?: Gossip,
): Promise<status> {
  const hear = (answer: Buffer): void => {
    if (method.path.endsWith('/Session')) gossip?.hear(messages[0], answer);
  };
  const { code, details } = await callRaw(client, method, messages, anyMetadata(dice), hear);
  expect(UNEXPECTED.has(code), `${method.path}: ${status[code]} ${details}`).toBe(false);
  expect(details, method.path).not.toMatch(/see the log/);
  return code;
}

/** What might be said to a method if some bytes of it were not what they are. */
export function garbledMessages(
  dice: Dice,
  { path }: Method,
  methods: readonly Method[],
): readonly Buffer[] {
  const other = randomMessages(dice, dice.pick(methods).path)[0] ?? Buffer.alloc(0);
  return randomMessages(dice, path).map((message) =>
    dice.is(0.2) ? randomBytes(dice, 300) : mutate(dice, message, other),
  );
}

function anyMetadata(dice: Dice): Metadata {
  if (dice.is(0.9)) return protocolMetadata();
  const metadata = dice.is(0.5) ? new Metadata() : protocolMetadata();
  for (let left = dice.below(6); left > 0; left -= 1)
    metadata.add(dice.pick([PROTOCOL_KEY, 'x']), 'y'.repeat(dice.below(4_000)));
  return metadata;
}
