// Coordinators as a host reaches them: who answers, who does not let in, and where nobody is.

import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { revokeMember } from '../../../coordinator/access/desk.ts';
import { checkReach, listKnown } from '../../../src/cli/doctor/reach.ts';
import { keepCredential, agentFolder } from '../../../src/pki/credential-folder.ts';
import { testCoordinator } from '../../support/coordinator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { ownConfig } from '../../support/own-config.ts';
import { letIn, protectedCoordinator } from '../../support/protected.ts';

const HOUR_MS = 3600 * 1000;

test('a coordinator answers whomever it knows, of whatever kind, and says what time it is there', async () => {
  const coordinator = await protectedCoordinator();
  const { address } = coordinator;
  for (const kind of ['agent', 'operator', 'reader'] as const) {
    const credential = await letIn(coordinator, kind, 'ada');
    const { finding, aheadMs } = await checkReach({ address, credential }, Date.now);
    expect(finding).toMatchObject({ present: true, detail: `answers ${kind} ada` });
    expect(Math.abs(aheadMs ?? Number.NaN)).toBeLessThan(60_000);
  }
  const credential = await letIn(coordinator, 'agent', 'late');
  const behind = await checkReach({ address, credential }, () => Date.now() - 2 * HOUR_MS);
  expect(Math.round((behind.aheadMs ?? 0) / HOUR_MS)).toBe(2);
});

test('a coordinator without protection answers everybody', async () => {
  const { address } = await testCoordinator();
  const { finding } = await checkReach({ address, credential: undefined }, Date.now);
  expect(finding).toMatchObject({ present: true, detail: 'answers everybody' });
});

test('a coordinator that lets this host in no more is wrong, with how to be let in again', async () => {
  const coordinator = await protectedCoordinator();
  const { address } = coordinator;
  const credential = await letIn(coordinator, 'operator', 'ada');
  revokeMember(coordinator.state, 'ada', Date.now());
  const { finding } = await checkReach({ address, credential }, Date.now);
  expect(finding).toMatchObject({ present: false, detail: 'does not let in operator ada' });
  expect(finding.remedy).toMatch(/operator ada has been revoked.*token create/);
});

test('a coordinator that asks for a certificate, and one of another authority, are wrong, with why', async () => {
  const [one, other] = [await protectedCoordinator(), await protectedCoordinator()];
  const nobody = await checkReach({ address: one.address, credential: undefined }, Date.now);
  expect(nobody.finding.remedy).toMatch(/asks for a certificate/);
  const credential = await letIn(other, 'operator', 'ada');
  const stranger = await checkReach({ address: one.address, credential }, Date.now);
  expect(stranger.finding.remedy).toMatch(/is of another authority/);
});

test('where nothing answers nothing is wrong here', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const known = { address: `127.0.0.1:${port}`, credential: undefined };
  const { finding, aheadMs } = await checkReach(known, Date.now);
  expect(finding).toMatchObject({ present: false, detail: 'nothing answers there' });
  expect(finding.remedy).toBeUndefined();
  expect(aheadMs).toBeUndefined();
});

test('known are the coordinators of credentials, the one of the folder, and the one that is named, each once', async () => {
  ownConfig();
  const coordinator = await protectedCoordinator();
  const agentState = temporaryFolder();
  const credential = await letIn(coordinator, 'agent', 'one');
  keepCredential(agentFolder(agentState), 'head:7700', credential);
  const known = listKnown(coordinator.state, agentState, 'HEAD:7700');
  expect(known.map(({ credential: own }) => own?.id)).toEqual(['one', 'local']);
  expect(known[1]?.address).toMatch(/^localhost:\d+$/);
  expect(listKnown(temporaryFolder(), temporaryFolder(), 'other:7700')).toEqual([
    { address: 'other:7700', credential: undefined },
  ]);
});
