// Anything at all, said to every method of a real coordinator.

import { credentials, status } from '@grpc/grpc-js';
import { expect, test, vi } from 'vitest';
import { callAny, garbledMessages } from './call-any.ts';
import { Gossip } from './gossip.ts';
import { randomMessages } from './messages.ts';
import { METHODS, rawClient } from './raw-calls.ts';
import { forSeeds } from './seeds.ts';
import { startStand } from './stand.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** Without protection nobody joins. */
const OPEN = METHODS.filter(({ path }) => !path.includes('JoinService'));

const AGENTS = OPEN.filter(({ path }) => /Session|Report/.test(path));

test('requests that contradict each other, and come in any order, are answered, and break nothing', async () => {
  const stand = await startStand();
  const codes = new Map<status, number>();
  const gossip = new Gossip();
  const client = rawClient(stand.address, credentials.createInsecure());
  await forSeeds('contradictions', 60, async (dice) => {
    const said = Array.from({ length: 12 }, () => {
      const method = dice.is(0.3) ? dice.pick(AGENTS) : dice.pick(OPEN);
      const messages = randomMessages(dice, method.path, gossip);
      return callAny(dice, client, method, messages, gossip);
    });
    for (const code of await Promise.all(said)) codes.set(code, (codes.get(code) ?? 0) + 1);
    await stand.advance();
  });
  const kinds = await stand.check();
  if (process.env['FUZZ_ONLY'] !== undefined) return;
  // Else the requests were not good enough to get anywhere.
  expect(codes.get(status.OK)).toBeGreaterThan(100);
  for (const kind of REACHED) expect(kinds).toContain(kind);
});

/** What so many requests bring about, in whatever order they are answered. */
const REACHED = ['sweep-submitted', 'agent-joined', 'lease-granted'];

test('messages with bytes changed, and garbage, are answered, and break nothing', async () => {
  const stand = await startStand();
  const client = rawClient(stand.address, credentials.createInsecure());
  await forSeeds('garbage', 60, async (dice) => {
    const said = Array.from({ length: 20 }, () => {
      const method = dice.pick(OPEN);
      return callAny(dice, client, method, garbledMessages(dice, method, OPEN));
    });
    await Promise.all(said);
    await stand.advance();
  });
  await stand.check();
});
