// A person's configuration of its own for one test.

import { onTestFinished } from 'vitest';
import { personalFolder } from '../../src/pki/credential-folder.ts';
import { temporaryFolder } from './folder.ts';

const NAME = 'XDG_CONFIG_HOME';

/** Where that person's credentials are, until the test ends. */
export function ownConfig(): string {
  const before = process.env[NAME];
  process.env[NAME] = temporaryFolder();
  onTestFinished(() => {
    if (before === undefined) delete process.env[NAME];
    else process.env[NAME] = before;
  });
  return personalFolder(process.env);
}
