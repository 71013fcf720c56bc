// Shutting somebody out: at once, in whatever is under way, and with every certificate that they have.

import { status } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { revokeMember } from '../../../coordinator/access/desk.ts';
import { createKeyPair } from '../../../src/pki/key-pair.ts';
import { requestFor } from '../../../src/pki/key-request.ts';
import { openResults } from '../../../src/results/open-results.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { renewCredential } from '../../../src/wire/join.ts';
import { ended, ScriptedAgent, submitSmall } from '../../support/coordinator.ts';
import {
  agentAs,
  askToRenew,
  clientAs,
  letIn,
  protectedCoordinator,
} from '../../support/protected.ts';

const ONE = { kind: 'agent', id: 'one' } as const;
const ALL = { sweepId: '', trialId: '' };

test('a reader who is revoked while watching sees no more', async () => {
  const coordinator = await protectedCoordinator();
  const client = clientAs(coordinator, await letIn(coordinator, 'reader', 'rob'));
  const watch = client.watch(ALL);
  expect((await watch.next()).value?.complete).toBe(true);
  revokeMember(coordinator.state, 'rob', Date.now());
  await expect(watch.next()).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('reader rob has been revoked') as string,
  });
});

/** An agent that has opened the stage that it was given. */
async function workingAgent() {
  const coordinator = await protectedCoordinator();
  const { state } = coordinator;
  await submitSmall(clientAs(coordinator, await letIn(coordinator, 'operator', 'ada')));
  const agent = new ScriptedAgent(
    agentAs(coordinator, await letIn(coordinator, 'agent', 'one')),
    'one',
  );
  agent.beat();
  const stageId = (await agent.desired()).assignments[0]?.stageId ?? '';
  const opened = { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true };
  expect(await agent.report(stageId, 1, { $case: 'opened', opened })).toMatchObject({ stale: [] });
  return { state, agent, stageId };
}

test('what an agent reports after it was revoked is not recorded', async () => {
  const { state, agent, stageId } = await workingAgent();
  revokeMember(state, 'one', Date.now());
  const report = agent.report(stageId, 1, ended('failed', 'too late'));
  await expect(report).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  const results = openResults(statePaths(state).database);
  onTestFinished(() => results.close());
  expect(results.query('SELECT "end" FROM attempt').rows).toEqual([[null]]);
});

test('a heartbeat of an agent that was revoked is not answered', async () => {
  const { state, agent } = await workingAgent();
  revokeMember(state, 'one', Date.now());
  agent.beat({ number: 2 });
  await expect(agent.desired()).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
});

test('on a connection that is open the next call is refused', async () => {
  const coordinator = await protectedCoordinator();
  const client = clientAs(coordinator, await letIn(coordinator, 'operator', 'ada'));
  expect(await client.findMissing([])).toEqual([]);
  revokeMember(coordinator.state, 'ada', Date.now());
  await expect(client.findMissing([])).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('whoever is revoked is so with every certificate, and renews none', async () => {
  const coordinator = await protectedCoordinator();
  const before = await letIn(coordinator, 'agent', 'one');
  const after = await renewCredential(coordinator.address, before);
  revokeMember(coordinator.state, 'one', Date.now());
  for (const trust of [before, after]) {
    await expect(clientAs(coordinator, trust).findMissing([])).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    const csr = await requestFor(createKeyPair(), ONE);
    expect(await askToRenew(coordinator, trust, csr)).toMatch(/agent one has been revoked/);
  }
});
