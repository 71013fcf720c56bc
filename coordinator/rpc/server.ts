// The gRPC server: its limits, its address, its end.

import type { ServerCredentials } from '@grpc/grpc-js';
import { logVerbosity, Server, setLogVerbosity } from '@grpc/grpc-js';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { AgentServiceService } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { AgentServiceServer } from '../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceService } from '../../src/wire/generated/espalier/v1/blob.ts';
import type { BlobServiceServer } from '../../src/wire/generated/espalier/v1/blob.ts';
import { JoinServiceService } from '../../src/wire/generated/espalier/v1/join.ts';
import type { JoinServiceServer } from '../../src/wire/generated/espalier/v1/join.ts';
import { SweepServiceService } from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { SweepServiceServer } from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from '../core/limits.ts';
import { Connections } from './connections.ts';

/** grpc-js neither notices half-open connections nor limits streams by itself. */
const OPTIONS = {
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': BOUNDS.messageBytes,
  'grpc.max_concurrent_streams': BOUNDS.streams,
  'grpc-node.max_session_memory': BOUNDS.sessionMegabytes,
  'grpc.enable_channelz': 0,
};

/** Open streams get this long to end before they are cut. */
const SHUTDOWN_MS = 500;

export type Services = {
  readonly agent: AgentServiceServer;
  readonly blob: BlobServiceServer;
  readonly sweep: SweepServiceServer;
  /** Only with protection. */
  readonly join?: JoinServiceServer;
};
export type RunningServer = { readonly address: string; close(): Promise<void> };

/**
 * Listens on `host:port` (port 0: any free one).
 * @throws EspalierError `unavailable` if the address cannot be had
 */
export async function startServer(
  listen: { host: string; port: number },
  services: Services,
  credentials: ServerCredentials,
  limits: Limits,
): Promise<RunningServer> {
  // What it would print is in the errors that it returns.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server(OPTIONS);
  boundHeaders(server);
  server.addService(AgentServiceService, services.agent);
  server.addService(BlobServiceService, services.blob);
  server.addService(SweepServiceService, services.sweep);
  if (services.join !== undefined) server.addService(JoinServiceService, services.join);
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const port = await bind(server, `${host}:${listen.port}`, credentials);
  new Connections(limits).watch(server);
  const address = `${host}:${port}`;
  return { address, close: () => shutDown(server, address) };
}

/** grpc-js passes on what HTTP/2 is to be told, and has no option for how much comes before the first message of a call. */
function boundHeaders(server: Server): void {
  const found: unknown = Reflect.get(server, 'commonServerOptions');
  if (typeof found !== 'object' || found === null || !('settings' in found))
    throw new Error('this release of grpc-js keeps its HTTP/2 options elsewhere');
  const { headerBytes: maxHeaderListSize, headers: maxHeaderListPairs } = BOUNDS;
  const { streams: maxConcurrentStreams } = BOUNDS;
  const settings = { maxConcurrentStreams, maxHeaderListSize };
  Object.assign(found, { settings, maxHeaderListPairs });
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) return resolve(port);
      const hint = error.message.includes('EADDRINUSE')
        ? 'the port is in use: choose another with --listen'
        : error.message;
      return reject(new EspalierError('unavailable', `cannot listen on ${address}: ${hint}`));
    });
  });
}

/** tryShutdown alone waits for open streams for ever, and without channelz forceShutdown knows of no session: drain does. */
function shutDown(server: Server, address: string): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, 2 * SHUTDOWN_MS);
    server.drain(address, SHUTDOWN_MS);
    server.tryShutdown(() => {
      clearTimeout(patience);
      resolve();
    });
  });
}
