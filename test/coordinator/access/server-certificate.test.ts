// The coordinator's own certificate is renewed while it serves.

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { Server } from '@grpc/grpc-js';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createServerTls } from '../../../coordinator/access/server-certificate.ts';
import { openAuthority } from '../../../src/pki/authority.ts';
import { openTls } from '../../../src/wire/probe.ts';
import { temporaryFolder } from '../../support/folder.ts';

const DAY_MS = 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;

afterEach(() => void vi.useRealTimers());

test('once a third of its life is over, new connections see another certificate of the same authority', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let nowMs = Date.now() - 31 * DAY_MS;
  const authority = await openAuthority(join(temporaryFolder(), 'authority.pem'), nowMs);
  const lines: string[] = [];
  const tls = await createServerTls(
    authority,
    () => nowMs,
    (line) => lines.push(line),
  );
  const server = new Server();
  onTestFinished(() => {
    tls.close();
    server.forceShutdown();
  });
  const port = await new Promise<number>((resolve) =>
    server.bindAsync('127.0.0.1:0', tls.credentials, (_, bound) => resolve(bound)),
  );
  const see = async (): Promise<string> => {
    const socket = await openTls(`127.0.0.1:${port}`, { authority: authority.certificate });
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return new X509Certificate(raw).serialNumber;
  };
  const first = await see();
  nowMs += 29 * DAY_MS;
  vi.advanceTimersByTime(HOUR_MS);
  expect(await see()).toBe(first);
  nowMs += 2 * DAY_MS;
  vi.advanceTimersByTime(HOUR_MS);
  await vi.waitFor(async () => expect(await see()).not.toBe(first));
  expect(lines).toEqual([]);
});
