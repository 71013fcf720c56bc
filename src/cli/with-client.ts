// Speaks with a coordinator for the length of one command.

import type { SweepClient } from '../wire/sweep-client.ts';
import { openClient } from './connection.ts';
import type { ServerOptions } from './options.ts';

/** Runs `body` with a client of the coordinator that is asked for. @throws EspalierError `unavailable` if none is known */
export async function withClient<T>(
  options: ServerOptions,
  body: (client: SweepClient) => Promise<T>,
): Promise<T> {
  const client = await openClient(options);
  try {
    return await body(client);
  } finally {
    client.close();
  }
}
