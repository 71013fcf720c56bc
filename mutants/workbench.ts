// One copy of the tree and what is run in it, one suite after another.
// Promise: after a run the copy is as it was and nothing that the run started is left; no run lasts longer than its limit.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree } from './copy-tree.ts';
import { endGroup, endProcessesIn } from './end-processes.ts';
import type { Mutant, SuiteGroup } from './mutant.ts';
import { plant } from './plant.ts';
import { readReport } from './read-report.ts';
import type { SuiteRun } from './verdict.ts';

/** Suites that start the built program: it is built anew before each of their runs. */
const BUILT = ['test/e2e/', 'test/trial/main.test.ts'];

/** Of a run of one file; each further one may add to it. */
const LIMIT_MS = 180_000;
const FURTHER_MS = 15_000;

type Ended = { readonly status: number | NodeJS.Signals | null; readonly output: string };

/** Runs suites in a copy of the tree. */
export class Workbench {
  readonly #folder: string;
  readonly #tree: string;
  readonly #signal: AbortSignal;

  /** Copies `root` into the new folder `folder`; an abort of `signal` ends what runs, and makes it reject. */
  constructor(root: string, folder: string, signal: AbortSignal) {
    mkdirSync(folder, { recursive: true });
    this.#folder = realpathSync(folder);
    this.#tree = join(this.#folder, 'tree');
    this.#signal = signal;
    copyTree(root, this.#tree);
  }

  /** Runs a suite with a bug in the source, and takes it out again. Throws an Error for a mutant that is stale. */
  async runWith(mutant: Mutant): Promise<SuiteRun> {
    const path = join(this.#tree, mutant.file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, plant(text, mutant));
    try {
      const { file, ...rest } = mutant.suite;
      return await this.run({ files: [file], ...rest });
    } finally {
      writeFileSync(path, text);
    }
  }

  /** Runs suites. */
  async run({ files, tests }: SuiteGroup): Promise<SuiteRun> {
    const startedMs = performance.now();
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    const isBuilt = BUILT.some((start) => files.some((file) => file.startsWith(start)));
    const built = isBuilt ? await this.#start(['npm', 'run', 'build'], LIMIT_MS) : undefined;
    const limitMs = LIMIT_MS + FURTHER_MS * files.length;
    const filter = tests === undefined ? [] : ['-t', tests];
    const reporter = ['--reporter=json', `--outputFile=${report}`];
    const command = ['npx', 'vitest', 'run', ...files, ...filter, ...reporter];
    const ended =
      built === undefined || built.status === 0 ? await this.#start(command, limitMs) : built;
    const seconds = (performance.now() - startedMs) / 1000;
    return readReport(readIfThere(report), ended.output, seconds, ended.status);
  }

  /** In a group of its own, so that all of it can be ended; what has left the group works in a folder of ours. */
  async #start([program = '', ...args]: readonly string[], limitMs: number): Promise<Ended> {
    this.#signal.throwIfAborted();
    const temporary = join(this.#folder, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const child = spawn(program, args, {
      cwd: this.#tree,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, CI: 'true' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (output = `${output}${data.toString()}`.slice(-20_000)));
    const end = (): void => endGroup(child.pid ?? Number.NaN);
    const timer = setTimeout(end, limitMs);
    this.#signal.addEventListener('abort', end, { once: true });
    try {
      const [status, signal]: unknown[] = await once(child, 'exit');
      this.#signal.throwIfAborted();
      return { status: toStatus(status, signal), output };
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', end);
      endProcessesIn(this.#folder);
      rmSync(temporary, { recursive: true, force: true });
    }
  }
}

function toStatus(status: unknown, signal: unknown): number | NodeJS.Signals | null {
  if (typeof status === 'number') return status;
  return signal === 'SIGKILL' ? signal : null;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
