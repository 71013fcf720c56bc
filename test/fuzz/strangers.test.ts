// Anything at all, said to a coordinator that asks for certificates, by those who have none, and by those who may do little.

import type { Client } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { expect, test, vi } from 'vitest';
import { openStore } from '../../coordinator/store/store.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import type { Trust } from '../../src/wire/credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from '../../src/wire/credentials.ts';
import type { Protected } from '../support/protected.ts';
import { letIn, protectedCoordinator } from '../support/protected.ts';
import { callAny, garbledMessages } from './call-any.ts';
import { randomMessages } from './messages.ts';
import { METHODS, rawClient } from './raw-calls.ts';
import { forSeeds } from './seeds.ts';

vi.setConfig({ testTimeout: 3_600_000 });

function clientOf({ address }: Protected, trust: Trust): Client {
  return rawClient(address, toChannelCredentials(trust), TLS_OPTIONS);
}

/** How each method answered. */
async function talk(name: string, client: Client): Promise<ReadonlyMap<string, Set<status>>> {
  const codes = new Map(METHODS.map(({ path }) => [path, new Set<status>()]));
  await forSeeds(name, 15, async (dice) => {
    const said = METHODS.map(async (method) => {
      const messages = dice.is(0.5)
        ? randomMessages(dice, method.path)
        : garbledMessages(dice, method, METHODS);
      codes.get(method.path)?.add(await callAny(dice, client, method, messages));
    });
    await Promise.all(said);
  });
  return codes;
}

/** What is on record of agents and sweeps. */
function recorded({ state }: Protected): readonly string[] {
  const store = openStore(statePaths(state).database);
  const loaded = store.load({ monoMs: 0, wallMs: 0 }, 0);
  store.close();
  return [...loaded.agents.keys(), ...loaded.sweeps.keys()];
}

test('whoever has no certificate gets nowhere, whatever they say', async () => {
  const coordinator = await protectedCoordinator();
  const client = clientOf(coordinator, { authority: coordinator.authority.certificate });
  for (const [path, codes] of await talk('strangers', client))
    expect([path, codes.has(status.OK)]).toEqual([path, false]);
  expect(recorded(coordinator)).toEqual([]);
});

test('an agent gets no further than itself, whatever it says', async () => {
  const coordinator = await protectedCoordinator();
  await talk('agents', clientOf(coordinator, await letIn(coordinator, 'agent', 'agent-1')));
  expect(recorded(coordinator).filter((name) => name !== 'agent-1')).toEqual([]);
});
