// Every method of every service, called by everybody who may not: what is refused is refused on the wire, and changes nothing.

import { Client, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { findRefusal, JOIN_PATH } from '../../../coordinator/access/rights.ts';
import { KINDS } from '../../../src/pki/identity.ts';
import { CHANNEL_OPTIONS, protocolMetadata } from '../../../src/wire/channel.ts';
import type { Trust } from '../../../src/wire/credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from '../../../src/wire/credentials.ts';
import { AgentServiceService } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceService } from '../../../src/wire/generated/espalier/v1/blob.ts';
import { JoinServiceService } from '../../../src/wire/generated/espalier/v1/join.ts';
import {
  ControlRequest,
  SweepServiceService,
} from '../../../src/wire/generated/espalier/v1/sweep.ts';
import { ScriptedAgent, submitSmall } from '../../support/coordinator.ts';
import type { Protected } from '../../support/protected.ts';
import { agentAs, clientAs, letIn, protectedCoordinator } from '../../support/protected.ts';

const PATHS = [AgentServiceService, BlobServiceService, SweepServiceService, JoinServiceService]
  .flatMap((service) => Object.values(service))
  .map(({ path }) => path)
  .filter((path) => path !== JOIN_PATH);

type Action = NonNullable<ControlRequest['action']>;

const SMALL = { sweepId: 'small', trialId: '' };

/** All that steers, each at something that is there: an action that is added has to be added here. */
const STEERING: { readonly [Case in Action['$case']]: Extract<Action, { $case: Case }> } = {
  cancel: { $case: 'cancel', cancel: SMALL },
  pause: { $case: 'pause', pause: SMALL },
  resume: { $case: 'resume', resume: SMALL },
  retry: { $case: 'retry', retry: SMALL },
  drain: { $case: 'drain', drain: { agent: 'one' } },
  trust: { $case: 'trust', trust: { agent: 'one' } },
  giveUp: { $case: 'giveUp', giveUp: {} },
  clone: { $case: 'clone', clone: { trialId: 'small/1', changes: [{ name: 'seed', value: '7' }] } },
  prioritise: { $case: 'prioritise', prioritise: { sweepId: 'small', priority: 2, trialId: '' } },
};

function same(bytes: Buffer): Buffer {
  return bytes;
}

/** Calls methods by their paths. Frames on the wire are the same for streams and for single messages. */
function callerAs({ address }: Protected, trust: Trust) {
  const options = { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new Client(address, toChannelCredentials(trust), options);
  onTestFinished(() => client.close());
  return (path: string, request = Buffer.alloc(0)): Promise<number> => {
    const call = client.makeBidiStreamRequest(path, same, same, protocolMetadata());
    call.write(request);
    call.end();
    return new Promise((resolve) => {
      call.on('data', () => undefined);
      call.once('error', (error: ServiceError) => resolve(error.code));
      call.once('end', () => resolve(status.OK));
    });
  };
}

test.each(KINDS)(
  'a certificate of kind %s opens what it is for, on the wire, too',
  async (kind) => {
    const coordinator = await protectedCoordinator();
    const call = callerAs(coordinator, await letIn(coordinator, kind, 'one'));
    const forbidden = PATHS.filter((path) => findRefusal(kind, path) !== undefined);
    expect(forbidden.length).toBeGreaterThan(2);
    for (const path of forbidden)
      expect([path, await call(path)]).toEqual([path, status.PERMISSION_DENIED]);
  },
);

test('without a certificate nobody calls anything but to join', async () => {
  const coordinator = await protectedCoordinator();
  const call = callerAs(coordinator, { authority: coordinator.authority.certificate });
  for (const path of PATHS)
    expect([path, await call(path)]).toEqual([path, status.UNAUTHENTICATED]);
});

test('a reader who tries all that steers changes nothing, and an operator who does is heard', async () => {
  const coordinator = await protectedCoordinator();
  const ada = await letIn(coordinator, 'operator', 'ada');
  await submitSmall(clientAs(coordinator, ada));
  const one = new ScriptedAgent(
    agentAs(coordinator, await letIn(coordinator, 'agent', 'one')),
    'one',
  );
  one.beat();
  await one.desired();
  const before = await see(coordinator, ada);
  expect(before.trials.map(({ state }) => state)).toContain('running');
  expect(await steer(coordinator, await letIn(coordinator, 'reader', 'rob'))).toEqual(
    Object.keys(STEERING).map((name) => [name, status.PERMISSION_DENIED]),
  );
  expect(await see(coordinator, ada)).toEqual(before);
  for (const [name, code] of await steer(coordinator, ada))
    expect([name, status[code]]).not.toEqual([name, 'PERMISSION_DENIED']);
  expect((await see(coordinator, ada)).trials).not.toEqual(before.trials);
});

/** Tries each action once; what each was answered. */
async function steer(coordinator: Protected, trust: Trust): Promise<readonly [string, number][]> {
  const call = callerAs(coordinator, trust);
  const answers: [string, number][] = [];
  for (const [name, action] of Object.entries(STEERING)) {
    const request = Buffer.from(ControlRequest.encode({ action }).finish());
    answers.push([name, await call(SweepServiceService.control.path, request)]);
  }
  return answers;
}

/** All there is to see at once. */
async function see(coordinator: Protected, trust: Trust) {
  const watch = clientAs(coordinator, trust).watch({ sweepId: '', trialId: '' });
  const { value } = await watch.next();
  await watch.return?.();
  if (value === undefined) throw new Error('there was nothing to see');
  const { sweeps, trials, agents, stages } = value;
  // Time goes on, whoever does what.
  return {
    sweeps: sweeps.map((sweep) => ({ ...sweep, elapsedMs: 0 })),
    trials,
    agents: agents.map((agent) => ({ ...agent, silentMs: 0 })),
    stages,
  };
}
