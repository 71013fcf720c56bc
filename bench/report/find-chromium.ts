// Where this machine has a Chromium that a page can be opened in.

import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Its path: what the environment's CHROMIUM says, else the first usual place. @throws Error in words where there is none */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
  isThere: (path: string) => boolean = existsSync,
): string {
  const given = env['CHROMIUM'];
  const path = (given === undefined ? PLACES : [given]).find(isThere);
  if (path !== undefined) return path;
  throw new Error(
    `no Chromium at ${given ?? PLACES.join(', ')}: install Debian's package chromium, or say in CHROMIUM where it is`,
  );
}
