import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openLink } from '../../../agent/client/link.ts';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { poll } from '../support/poll.ts';
import { startAgent } from '../support/start-agent.ts';
import { temporaryFolder } from '../../support/folder.ts';

/** Takes connections and says nothing, until it is told to. */
async function startMute() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.resume().on('error', () => undefined));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return { port, sockets, stop };
}

const NEVER = new AbortController().signal;

test('a coordinator that is there is linked', async () => {
  const coordinator = await FakeCoordinator.start();
  const link = await openLink(coordinator.address, undefined, 5_000, NEVER);
  expect(link).toBeDefined();
  link?.close();
});

test('a peer that takes the connection and never speaks is given up at the limit', async () => {
  const { port, sockets } = await startMute();
  expect(await openLink(`127.0.0.1:${port}`, undefined, 100, NEVER)).toBeUndefined();
  expect(sockets.length).toBe(1);
});

test('an abort ends the wait', async () => {
  const { port, sockets } = await startMute();
  const abort = new AbortController();
  const link = openLink(`127.0.0.1:${port}`, undefined, 60_000, abort.signal);
  await poll('the connection', () => sockets.length === 1);
  abort.abort();
  expect(await link).toBeUndefined();
});

test('an agent begins anew where a connection never becomes ready', async () => {
  const { port, sockets, stop } = await startMute();
  const coordinator = `127.0.0.1:${port}`;
  startAgent({ coordinator, state: temporaryFolder(), connectMs: 50 });
  // One of them is the look at why there is none.
  await poll('a second connection', () => sockets.length >= 3);
  await stop();
});
