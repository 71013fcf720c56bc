// The gate by its own clock: certificates end while nobody looks.

import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../../../coordinator/access/caller.ts';
import { Gate } from '../../../coordinator/access/gate.ts';
import { Ledger } from '../../../coordinator/access/ledger.ts';
import { temporaryFolder } from '../../support/folder.ts';

const ADA = { kind: 'operator', id: 'ada', name: 'ada' } as const;
const CALL = {
  getPath: () => '/espalier.v1.SweepService/Watch',
  getAuthContext: () => ({ sslPeerCertificate: { fingerprint256: 'F1' } }),
};

/** A gate at which Ada has a certificate that ends at 1,000, and a clock that is set by hand. */
function openGate() {
  const ledger = Ledger.open(join(temporaryFolder(), 'ledger.db'));
  const clock = { wallMs: 0 };
  ledger.enroll(ADA, { fingerprint: 'f1', untilMs: 1_000 }, 0);
  const gate = new Gate(ledger, () => clock.wallMs);
  onTestFinished(() => {
    gate.close();
    ledger.close();
  });
  return { gate, clock };
}

test('a call is carried out as long as its certificate lasts, and not after', async () => {
  const { gate, clock } = openGate();
  clock.wallMs = 999;
  expect(await gate.admit(CALL, ({ identity }) => identity?.id)).toBe('ada');
  clock.wallMs = 1_000;
  await expect(gate.admit(CALL, () => 'carried out')).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringMatching(
      /certificate of operator ada has expired.*token create/,
    ) as string,
  });
});

test('a call that is open when its certificate ends is ended', async () => {
  const { gate, clock } = openGate();
  let said: Caller | undefined;
  const open = gate.admit(CALL, (caller) => {
    said = caller;
    return new Promise<string>(() => undefined);
  });
  const outcome = open.catch((error: unknown) => error);
  clock.wallMs = 999;
  gate.recheck();
  expect(() => said?.assertLetIn()).not.toThrow();
  clock.wallMs = 1_000;
  gate.recheck();
  expect(() => said?.assertLetIn()).toThrow(/has expired/);
  expect(await outcome).toMatchObject({ code: 'unauthenticated' });
});
