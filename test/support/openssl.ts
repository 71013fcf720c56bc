// OpenSSL's own commands, as a second opinion on certificates.

import { execFileSync } from 'node:child_process';

/** Whether this machine has them; that it has not is printed. */
export const hasOpenssl = find();

/** What a command prints. @throws the Error of a status that is not 0 */
export function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function find(): boolean {
  try {
    if (openssl('version').startsWith('OpenSSL 3')) return true;
  } catch {
    // As good as another release.
  }
  process.stderr.write('skipped: there is no openssl command of release 3\n');
  return false;
}
