// Two processes that both say that they are one agent: a state folder was copied.

import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { Incarnations } from '../../../coordinator/rpc/incarnations.ts';
import {
  agentClient,
  ScriptedAgent,
  submitSmall,
  testClient,
  testCoordinator,
} from '../../support/coordinator.ts';

test('a process that another has taken the place of is refused in words, and the other keeps what it runs', async () => {
  const coordinator = await testCoordinator();
  await submitSmall(testClient(coordinator));
  const [first, copy] = [1, 2].map(() => new ScriptedAgent(agentClient(coordinator)));
  first?.beat({ incarnation: 'first' });
  await first?.desired();
  copy?.beat({ incarnation: 'copy' });
  const given = (await copy?.desired())?.assignments ?? [];
  expect(given).toHaveLength(1);
  first?.beat({ incarnation: 'first' });
  // What it was told in the meantime comes first.
  const heard = async (): Promise<void> => {
    for (;;) await first?.desired();
  };
  await expect(heard()).rejects.toMatchObject({
    code: status.PERMISSION_DENIED,
    details: expect.stringContaining('another process has taken the place of agent') as string,
  });
  copy?.beat({ incarnation: 'copy' });
  expect((await copy?.desired())?.assignments).toEqual(given);
});

test('an agent that is started again and again is heard each time', () => {
  const incarnations = new Incarnations();
  for (let start = 0; start < 1_000; start += 1) {
    incarnations.hear('ann', `start-${start}`);
    incarnations.hear('ann', `start-${start}`);
  }
  expect(() => incarnations.hear('ann', 'start-998')).toThrow(/a folder of its own/);
  expect(() => incarnations.hear('bob', 'start-998')).not.toThrow();
});
