// Whether a coordinator could listen where it is to.

import { createServer } from 'node:net';
import { readCoordinator } from '../../storage/state-folder.ts';
import type { Finding } from './finding.ts';

type Place = { readonly host: string; readonly port: number };

/** What is found about the place that a coordinator is to listen on, by listening there for a moment. */
export async function checkPort(listen: Place, state: string): Promise<Finding> {
  const address = `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
  const rest = { what: `port ${address}`, isNeeded: false };
  const code = await tryListening(listen);
  if (code === undefined) return { ...rest, present: true, detail: 'free' };
  const own = readCoordinator(state);
  if (code === 'EADDRINUSE' && own?.address.endsWith(`:${listen.port}`) === true)
    return {
      ...rest,
      present: true,
      detail: `in use by the coordinator of ${state}, process ${own.pid}`,
    };
  return { ...rest, present: false, ...toWords(code, listen.port) };
}

/** Why nobody can listen there; undefined if one can. */
function tryListening({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function toWords(code: string, port: number): { readonly detail: string; readonly remedy: string } {
  const other = 'name another with "espalier coordinator --listen"';
  if (code === 'EADDRINUSE')
    return {
      detail: 'in use by another process',
      remedy: `"ss -ltnp sport = :${port}" says by which; stop that, or ${other}`,
    };
  if (code === 'EACCES')
    return {
      detail: 'this account may not listen there',
      remedy: `ports below 1024 are for root: ${other}`,
    };
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return { detail: 'no address of this machine', remedy: `"ip address" lists them; ${other}` };
  return { detail: `cannot be listened on: ${code}`, remedy: other };
}
