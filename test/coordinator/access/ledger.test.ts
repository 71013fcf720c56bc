// The ledger: what two connections make of it, and what is forgotten.

import { join } from 'node:path';
import { statSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { Ledger } from '../../../coordinator/access/ledger.ts';
import { findRefusal } from '../../../coordinator/access/rights.ts';
import { temporaryFolder } from '../../support/folder.ts';

const ADA = { kind: 'operator', id: 'ada', name: 'ada' } as const;
const TOKEN = { kind: 'operator', name: '', expiresMs: 1_000 } as const;
const CERTIFICATE = { fingerprint: 'f1', untilMs: 9_000 };

function openTwo(): readonly [Ledger, Ledger] {
  const path = join(temporaryFolder(), 'ledger.db');
  const [one, two] = [Ledger.open(path), Ledger.open(path)];
  onTestFinished(() => {
    one.close();
    two.close();
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return [one, two];
}

test('a token is used up once, also by two connections, and not after its time', () => {
  const [one, two] = openTwo();
  one.addToken('t1', TOKEN, 0);
  one.addToken('t2', TOKEN, 0);
  expect(one.admit('t1', ADA, CERTIFICATE, 10)).toBe('in');
  expect(two.admit('t1', { ...ADA, id: 'eve' }, { ...CERTIFICATE, fingerprint: 'f2' }, 10)).toBe(
    'used',
  );
  expect(two.admit('t2', { ...ADA, id: 'eve' }, { ...CERTIFICATE, fingerprint: 'f2' }, 1_000)).toBe(
    'used',
  );
  expect(two.members().map(({ id }) => id)).toEqual(['ada']);
});

test('what another connection has revoked is seen at once, and the version says that there is something', () => {
  const [one, two] = openTwo();
  two.enroll(ADA, CERTIFICATE, 0);
  expect(one.find('f1')).toMatchObject({ id: 'ada', revokedMs: null });
  const before = one.version();
  two.revoke(ADA, 5);
  expect(one.version()).not.toBe(before);
  expect(one.find('f1')?.revokedMs).toBe(5);
});

test('somebody who is let in again has no certificate of before', () => {
  const [one] = openTwo();
  one.enroll(ADA, CERTIFICATE, 0);
  one.revoke(ADA, 5);
  one.enroll(ADA, { fingerprint: 'f2', untilMs: 9_000 }, 6);
  expect(one.find('f1')).toBeUndefined();
  expect(one.find('f2')?.revokedMs).toBeNull();
});

test('a renewal keeps what lasts, and forgets what has ended', () => {
  const [one] = openTwo();
  one.enroll(ADA, { fingerprint: 'f1', untilMs: 100 }, 0);
  one.renew({ ...ADA, joinedMs: 0 }, { fingerprint: 'f2', untilMs: 200 }, 50);
  expect(one.find('f1')).toBeDefined();
  one.renew({ ...ADA, joinedMs: 0 }, { fingerprint: 'f3', untilMs: 300 }, 150);
  expect(one.find('f1')).toBeUndefined();
  expect(one.member(ADA)?.untilMs).toBe(300);
});

test('of two who come under one name at once one is let in, and the other has used nothing up', () => {
  const [one, two] = openTwo();
  one.addToken('t1', TOKEN, 0);
  one.addToken('t2', TOKEN, 0);
  expect(one.admit('t1', ADA, CERTIFICATE, 10)).toBe('in');
  expect(two.admit('t2', ADA, { ...CERTIFICATE, fingerprint: 'f2' }, 10)).toBe('taken');
  expect(two.token('t2')?.usedMs).toBeNull();
  expect(one.find('f1')).toMatchObject({ id: 'ada', revokedMs: null });
});

test('a renewal that was asked for by one who was shut out is not for the one who has the name now', () => {
  const [one, two] = openTwo();
  one.enroll(ADA, CERTIFICATE, 0);
  two.revoke(ADA, 5);
  two.enroll(ADA, { fingerprint: 'f2', untilMs: 9_000 }, 6);
  const late = { fingerprint: 'f3', untilMs: 9_000 };
  expect(one.renew({ ...ADA, joinedMs: 0 }, late, 7)).toBe(false);
  expect(one.find('f3')).toBeUndefined();
});

test('a method that nobody thought of may be called by nobody', () => {
  for (const kind of ['agent', 'operator', 'reader'] as const)
    expect(findRefusal(kind, '/espalier.v1.SweepService/Delete')).toContain('nobody may call');
});
