// What processes load, as V8 itself recorded it: a library that takes as long to load as all the rest of a command is loaded by
// whoever makes or checks a certificate, and by nobody else.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, until } from '../support/processes.ts';

const STEADY = join(import.meta.dirname, 'fixtures/steady.yaml');
const TRIAL = join(import.meta.dirname, '../../dist/src/trial/main.js');
const LIBRARY = /node_modules\/(@peculiar\/|reflect-metadata\/|asn1js\/)/;

/** The files that each process loaded which wrote its record into `folder` at its end. */
function loadedIn(folder: string): readonly (readonly string[])[] {
  return readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/"url":"(file:[^"]+)"/g)].map(([, url]) => url ?? '');
  });
}

/** A trial's process, which an agent starts without its own environment: it ends when its commands do. */
async function runTrialProcess(env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [TRIAL], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , commands] = child.stdio;
  if (commands instanceof Socket) commands.end();
  await once(child, 'close');
}

describe('the library of certificates', { timeout: 120_000 }, () => {
  test('is not loaded for help, nor by a sweep on this machine: by its command, its coordinator, its agent or its trials', async () => {
    const [records, state] = [temporaryFolder(), temporaryFolder()];
    const env = { NODE_V8_COVERAGE: records };
    expect(await espalier(['--help'], { env }).ended).toBe(0);
    expect(await espalier(['run', STEADY, '--state', state, '--slots', '1'], { env }).ended).toBe(
      0,
    );
    await runTrialProcess(env);
    const processes = loadedIn(records);
    const missing = ['src/cli', 'coordinator', 'agent', 'src/trial'].filter(
      (folder) => !processes.flat().some((file) => file.endsWith(`dist/${folder}/main.js`)),
    );
    expect(missing).toEqual([]);
    expect(processes.flat().filter((file) => LIBRARY.test(file))).toEqual([]);
  });

  test('is loaded by a coordinator that makes certificates', async () => {
    const [records, state] = [temporaryFolder(), temporaryFolder()];
    const env = { NODE_V8_COVERAGE: records };
    const listen = ['--listen', '0.0.0.0:0', '--state', state];
    const coordinator = espalier(['coordinator', ...listen], { env });
    await until('the coordinator', () => coordinator.output().includes('token create'));
    coordinator.child.kill('SIGTERM');
    expect(await coordinator.ended).toBe(0);
    expect(
      loadedIn(records)
        .flat()
        .filter((file) => LIBRARY.test(file)).length,
    ).toBeGreaterThan(0);
  });
});
