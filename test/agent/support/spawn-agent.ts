// Starts agents in processes of their own. Node 20 does not run TypeScript, so that the sources are bundled first.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { AgentOptions } from '../../../agent/options.ts';
import { temporaryFolder } from '../../support/folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Makes a program of the agent; its options are its argument. */
export async function buildAgent(): Promise<string> {
  const folder = temporaryFolder();
  const outfile = join(folder, 'agent', 'process.mjs');
  mkdirSync(join(folder, 'agent'));
  for (const name of ['node_modules', 'package.json'])
    symlinkSync(join(ROOT, name), join(folder, name));
  const entry = join(ROOT, 'test/agent/fixtures/agent-process.ts');
  const settings = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
  await build({ entryPoints: [entry], outfile, ...settings });
  return outfile;
}

/** Starts the program; it is killed when the test is over. */
export function spawnAgent(program: string, options: Omit<AgentOptions, 'log'>): ChildProcess {
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
