// A real trial process behind real pipes. Needs a build: it runs what `npm run build` has put into dist.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, test } from 'vitest';

import { bundleTrial } from '../../src/trial/bundle.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';

const MAIN = fileURLToPath(new URL('../../dist/src/trial/main.js', import.meta.url));

/** A trial process, as an agent sees it. */
type Process = {
  readonly child: ChildProcess;
  readonly commands: Duplex;
  send(command: Command): Promise<Answer>;
  log(): string;
  /** The exit code, once the process has ended and all it wrote has come. */
  readonly ended: Promise<number | null>;
};

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(): Process {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  running.push(child);
  const [, out, err, commands, answers] = child.stdio as unknown as [
    null,
    Duplex,
    Duplex,
    Duplex,
    Duplex,
  ];
  const lines = createInterface({ input: answers })[Symbol.asyncIterator]();
  let log = '';
  for (const stream of [out, err])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    commands,
    ended,
    log: () => log,
    send: async (command) => {
      commands.write(`${JSON.stringify(command)}\n`);
      const { value } = await lines.next();
      return JSON.parse(value as string) as Answer;
    },
  };
}

/** Writes a module as text into a folder of its own, far from any node_modules, and opens it. */
function moduleOf(text: string, name = 'trial.mjs'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'espalier-main-')), name);
  writeFileSync(path, text);
  return path;
}

function openOf(bundle: string): Extract<Command, { kind: 'open' }> {
  return {
    kind: 'open',
    bundle,
    files: tmpdir(),
    config: { batch_size: 8 },
    seed: 1,
    epochs: 2,
    backends: ['wasm', 'cpu'],
  };
}

function epochOf(epoch: number): Command {
  return { kind: 'epoch', epoch, learning_rate: 0.1 };
}

const LINE = `
  import * as tf from '@tensorflow/tfjs';
  import { defineTrial } from 'espalier';
  console.log('loaded once');
  const samples = () => ({ xs: tf.range(0, 20).reshape([20, 1]).div(20), ys: tf.range(0, 20).reshape([20, 1]).div(10) });
  export default defineTrial({
    data: () => ({ train: samples(), validation: samples() }),
    model: () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
    compile: () => ({ optimizer: 'sgd', loss: 'meanSquaredError' }),
  });`;

describe('a trial process', () => {
  test('opens, trains, saves and closes, and serves the next stage with the module it has', async () => {
    const trial = start();
    const open = openOf(moduleOf(LINE));
    expect(await trial.send(open)).toMatchObject({
      kind: 'opened',
      steps_per_epoch: 3,
      backend: 'wasm',
      can_save: true,
    });
    const first = await trial.send({ kind: 'epoch', epoch: 0, learning_rate: [0.1, 0.2, 0.3] });
    expect(first).toMatchObject({ kind: 'trained', epoch: 0, steps: 3, learning_rate: 0.3 });
    expect(
      await trial.send({ kind: 'save', path: mkdtempSync(join(tmpdir(), 'espalier-main-')) }),
    ).toEqual({ kind: 'saved' });
    expect(await trial.send({ kind: 'close' })).toEqual({ kind: 'closed' });
    await trial.send(open);
    expect(
      await trial.send({ kind: 'epoch', epoch: 0, learning_rate: [0.1, 0.2, 0.3] }),
    ).toMatchObject({
      metrics: (first as Extract<Answer, { kind: 'trained' }>).metrics,
    });
    trial.commands.end();
    expect(await trial.ended).toBe(0);
    expect(trial.log().match(/loaded once/g)).toHaveLength(1);
  });

  test('goes on, bit for bit, from what another process has saved', async () => {
    const [first, second] = [start(), start()];
    const open = openOf(moduleOf(LINE.replace("'sgd'", "'adam'")));
    const path = mkdtempSync(join(tmpdir(), 'espalier-main-'));
    await first.send(open);
    await first.send(epochOf(0));
    expect(await first.send({ kind: 'save', path })).toEqual({ kind: 'saved' });
    const { metrics } = (await first.send(epochOf(1))) as Extract<Answer, { kind: 'trained' }>;

    await second.send(open);
    expect(await second.send({ kind: 'restore', path })).toEqual({ kind: 'restored' });
    expect(await second.send(epochOf(1))).toMatchObject({ kind: 'trained', metrics });
  });

  test('has one TensorFlow.js, also for a bundle made elsewhere with a file name of any kind', async () => {
    const source = moduleOf(LINE, 'line.ts');
    const { code } = await bundleTrial(source);
    expect(
      await start().send(openOf(moduleOf(Buffer.from(code).toString(), 'bundle.d41d8'))),
    ).toMatchObject({ kind: 'opened', backend: 'wasm' });
  });

  test('ends at once when descriptor 3 ends, even in the middle of an epoch', async () => {
    const trial = start();
    const forever = `
      import { defineTrial } from 'espalier';
      export default defineTrial({ open: () => ({ steps_per_epoch: 1, trainEpoch: () => { console.log('in'); return new Promise((r) => setInterval(() => r, 1e6)); } }) });`;
    await trial.send(openOf(moduleOf(forever)));
    void trial.send({ kind: 'epoch', epoch: 0, learning_rate: 1 }).catch(() => undefined);
    await once(trial.child.stdout!, 'data');
    trial.commands.destroy();
    expect(await trial.ended).toBe(0);
  });
});

describe('a module that goes wrong', () => {
  test('is shown with its own file and line, through the bundle', async () => {
    const source = `import { defineTrial } from 'espalier';
type Cheese = string;
function eat(cheese: Cheese): never {
  throw new Error(\`no more \${cheese}\`);
}
export default defineTrial({ open: () => eat('gouda') });`;
    const { code } = await bundleTrial(moduleOf(source, 'cheese.ts'));
    expect(await start().send(openOf(moduleOf(Buffer.from(code).toString())))).toEqual({
      kind: 'failed',
      message: 'no more gouda',
      stack: 'at eat (cheese.ts:4:9)\nat Object.open (cheese.ts:6:42)',
    });
  });

  test.each<[string, string, RegExp]>([
    [
      'no default export',
      'export const trial = 1;',
      /has no default export: write `export default defineTrial/,
    ],
    [
      'a default export that defineTrial did not make',
      'export default { open() {} };',
      /defineTrial did not make \(object\)/,
    ],
    ['a syntax error', 'export default {', /cannot be parsed: Unexpected end of input/],
    ['a throw at the top', "throw new RangeError('early');", /^RangeError: early$/],
    [
      'a module that is missing',
      "import 'nowhere-to-be-found';",
      /Cannot find package 'nowhere-to-be-found'/,
    ],
  ])('%s is a failure in clear words', async (_, text, words) => {
    expect(await start().send(openOf(moduleOf(text)))).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(words),
    });
  });

  test('in a timer fails the command that runs, and ends the process', async () => {
    const trial = start();
    const late = `
      import { defineTrial } from 'espalier';
      export default defineTrial({ open: () => new Promise(() => setTimeout(() => { throw new Error('late'); }, 1)) });`;
    expect(await trial.send(openOf(moduleOf(late)))).toMatchObject({
      kind: 'failed',
      message: 'late',
    });
    expect(await trial.ended).toBe(1);
  });

  test('by a rejection that nobody handles fails likewise', async () => {
    const trial = start();
    const forgotten = `
      import { defineTrial } from 'espalier';
      export default defineTrial({ open: () => { void Promise.reject(new Error('forgotten')); return new Promise(() => {}); } });`;
    // On wasm, Emscripten's runtime turns rejections into exceptions by itself.
    expect(await trial.send({ ...openOf(moduleOf(forgotten)), backends: ['cpu'] })).toMatchObject({
      kind: 'failed',
      message: 'forgotten',
    });
    expect(await trial.ended).toBe(1);
  });

  test('by ending the process says so, and its log is whole', async () => {
    const trial = start();
    const leaving = `console.log('x'.repeat(1_000_000) + 'END'); process.exit(7);`;
    expect(await trial.send(openOf(moduleOf(leaving)))).toEqual({
      kind: 'failed',
      message: "the trial's module ended the process with exit code 7 during open",
    });
    expect(await trial.ended).toBe(7);
    expect(trial.log()).toMatch(/xEND\n/);
    expect(trial.log().indexOf('xEND')).toBe(999_999);
  });
});
