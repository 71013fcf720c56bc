// Whether a coordinator could listen where it is to.

import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { checkPort } from '../../../src/cli/doctor/port.ts';
import { testCoordinator } from '../../support/coordinator.ts';
import { temporaryFolder } from '../../support/folder.ts';

/** A port that somebody else listens on, until it is freed. */
async function takePort() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const free = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  onTestFinished(free);
  return { port: typeof bound === 'object' && bound !== null ? bound.port : 0, free };
}

test('a port that somebody else has is wrong, with how to find out who, and is free after that', async () => {
  const { port, free } = await takePort();
  const listen = { host: '127.0.0.1', port };
  expect(await checkPort(listen, temporaryFolder())).toMatchObject({
    what: `port 127.0.0.1:${port}`,
    present: false,
    remedy: expect.stringContaining(`sport = :${port}`) as string,
  });
  await free();
  expect(await checkPort(listen, temporaryFolder())).toMatchObject({
    present: true,
    detail: 'free',
  });
});

test('a port that the coordinator of the folder has is as it should be', async () => {
  const state = temporaryFolder();
  const { address } = await testCoordinator(state);
  const listen = { host: '127.0.0.1', port: Number(address.split(':')[1]) };
  expect(await checkPort(listen, state)).toMatchObject({
    present: true,
    detail: expect.stringContaining(`coordinator of ${state}, process ${process.pid}`) as string,
  });
});

test('an address of another machine is wrong', async () => {
  expect(await checkPort({ host: '192.0.2.1', port: 7700 }, temporaryFolder())).toMatchObject({
    present: false,
    detail: 'no address of this machine',
  });
});
