// `espalier lr find` as it prints, what it refuses, and what it gives to a sweep file. The trial is a small program.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addFindCommand, runFind } from '../../../src/cli/lr/find.ts';
import type { FindOptions } from '../../../src/cli/lr/find/options.ts';
import { toBlock, toYaml } from '../../../src/cli/lr/find/yaml-block.ts';
import { parseSweepFile } from '../../../src/spec/parse-sweep-file.ts';
import { HONEST } from '../../agent/verify/record-sweep.ts';
import { temporaryFolder } from '../../support/folder.ts';

const HEAD = [
  'name: small',
  'trial: ./x.mjs',
  'objective: { metric: val_loss, mode: min }',
  'epochs: [4, 8]',
  'seeds: [7, 8]',
];
const GRID = 'learning_rate: [{ strategy: fixed, lr: [0.1, 0.2] }]';
const DEFAULTS: FindOptions = {
  from: 1e-6,
  to: 10,
  steps: 80,
  scale: 'exponential',
  seeds: [1, 2, 3],
  set: [],
  suggest: 'valley',
};

/** A folder with a sweep file of this config. */
function sweepOf(config: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'x.mjs'), 'export default 1');
  writeFileSync(join(folder, 'sweep.yaml'), [...HEAD, `config: ${config}`, GRID].join('\n'));
  return folder;
}

type Printed = {
  readonly output: string;
  readonly code: string | undefined;
  readonly words: string;
};

/** What the command prints for a sweep with this config, and its failure. */
async function find(
  config: string,
  options: Partial<FindOptions> = {},
  folder = sweepOf(config),
): Promise<Printed> {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  const settings = { trialArgv: HONEST, graceMs: 100, findGpus: async () => [] };
  let failure: { code?: string; message?: string } = {};
  try {
    await runFind(join(folder, 'sweep.yaml'), { ...DEFAULTS, ...options }, settings);
  } catch (error) {
    failure = error as typeof failure;
  } finally {
    write.mockRestore();
  }
  return { output: written.join(''), code: failure.code, words: failure.message ?? '' };
}

type Json = {
  readonly config: Readonly<Record<string, unknown>>;
  readonly learning_rates: readonly number[];
  readonly seeds: readonly { readonly seed: number; readonly losses: readonly number[] }[];
  readonly suggestion: { readonly kind: string; readonly max_lr: number; readonly base_lr: number };
  readonly learning_rate: readonly { readonly strategy: string }[] | null;
};

async function findJson(config: string, options: Partial<FindOptions> = {}): Promise<Json> {
  const { output, code } = await find(config, { ...options, json: true });
  expect(code).toBeUndefined();
  return JSON.parse(output);
}

test('the report says what was tested, each seed, the choice and how it was made, and a block for the sweep file', async () => {
  const { output, code } = await find('{ curvature: [10, 100], note: x }');
  expect(code).toBeUndefined();
  const lines = output.split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'small: range test of config 1 of 2: curvature 10 note x',
    '  --config N tests another one',
    '80 steps from 0.000001 to 10, exponential; 4 steps an epoch, on cpu',
    '',
    expect.stringMatching(/^SEED {2}STEPS +VALLEY +STEEPEST +MINIMUM\/10 {2}ENDED$/),
  ]);
  expect(lines.slice(5, 8).map((line) => line.trim().split(/\s+/)[0])).toEqual(['1', '2', '3']);
  expect(output).toContain('smoothed loss   ▿ base_lr   ▾ max_lr');
  expect(output).toMatch(/\nmax_lr {3}[\d.]+ {3}\([\d.]+ to [\d.]+ over the seeds/);
  expect(output).toContain('max_lr is valley: in the middle of the longest descent');
  expect(output).toMatch(
    /learning_rate:\n {2}- \{ strategy: fixed, lr: \[.*\n {2}- \{ strategy: cyclic, base_lr: /,
  );
});

test('the block is taken by the sweep file’s parser as it stands', async () => {
  const { output } = await find('{}');
  const block = output.slice(output.indexOf('learning_rate:'));
  const parsed = parseSweepFile(`${HEAD.join('\n')}\n${block}`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(parsed.spec.learning_rate.map(({ strategy }) => strategy)).toEqual(['fixed', 'cyclic']);
});

test('a block has no rate at which the test diverged, and two digits', () => {
  expect(toBlock({ max_lr: 0.012_34, base_lr: 0.003_085 }, Infinity).fixed).toEqual([
    0.0041, 0.012, 0.037,
  ]);
  expect(toBlock({ max_lr: 0.012_34, base_lr: 0.003_085 }, 0.03).fixed).toEqual([0.0041, 0.012]);
  for (const max_lr of [1.234e-9, 1e-7, 123_456, 1e22]) {
    const text = toYaml(toBlock({ max_lr, base_lr: max_lr / 4 }, Infinity)).join('\n');
    expect([max_lr, parseSweepFile(`${HEAD.join('\n')}\n${text}`).ok]).toEqual([max_lr, true]);
  }
});

test('the choice moves with the model: ten times the curvature, a tenth of the rate', async () => {
  const [flat, steep] = [await findJson('{ curvature: 10 }'), await findJson('{ curvature: 100 }')];
  const factor = flat.suggestion.max_lr / steep.suggestion.max_lr;
  expect(factor).toBeGreaterThan(5);
  expect(factor).toBeLessThan(20);
  expect(flat.suggestion.max_lr).toBeLessThan(2 / 10);
  expect(flat.suggestion.base_lr).toBe(flat.suggestion.max_lr / 4);
});

test('the same seeds have the same document, bit for bit, and seeds are those that are asked for', async () => {
  const first = await find('{}', { json: true, seeds: [5, 2] });
  expect((await find('{}', { json: true, seeds: [5, 2] })).output).toBe(first.output);
  const { seeds, learning_rates: rates }: Json = JSON.parse(first.output);
  expect(seeds.map(({ seed, losses }) => [seed, losses[0]])).toEqual([
    [5, 37],
    [2, 10],
  ]);
  expect([rates.length, rates[0], rates.at(-1)]).toEqual([80, 1e-6, 10]);
});

test('a config is chosen by number, and its values are changed by --set', async () => {
  const grid = '{ curvature: [10, 100], units: [1, 2], list: [[1, 2]] }';
  expect((await findJson(grid, { config: 4 })).config).toEqual({
    curvature: 100,
    units: 2,
    list: [1, 2],
  });
  const set = ['units=3', 'list=[3, 4]', 'curvature=20.5'];
  expect((await findJson(grid, { set })).config).toEqual({
    curvature: 20.5,
    units: 3,
    list: [3, 4],
  });
  const { output } = await find(grid, { set: ['units=relu'] });
  expect(output).toContain('config 1 of 4, changed: curvature 10 units relu');
});

test.each<[string, Partial<FindOptions>, RegExp]>([
  ['a config beyond the grid', { config: 3 }, /--config is 3; the sweep has 2/],
  [
    'a key that the config lacks',
    { set: ['curvatur=1'] },
    /config has curvature.*did you mean curvature/,
  ],
  ['a change without a value', { set: ['curvature'] }, /must be KEY=VALUE/],
  ['a value that is no YAML', { set: ['curvature=[1'] }, /its value must be YAML/],
  ['a value that no config may have', { set: ['curvature={ a: 1 }'] }, /one that config may have/],
  ['a ramp that falls', { from: 10, to: 1 }, /max_lr: received 1; it must be above min_lr, 10/],
  ['an exponential ramp from 0', { from: 0 }, /min_lr: received 0/],
])('%s is refused before anything is trained', async (_, options, words) => {
  const result = await find('{ curvature: [10, 100] }', options);
  expect(result.words).toMatch(words);
  expect(result.output).toBe('');
});

test('where the loss does not fall it says so, suggests nothing, and fails', async () => {
  const { output, code } = await find('{ curvature: 0 }');
  expect(code).toBe('not-found');
  expect(output).toContain('seed 1: the loss hardly falls, from 5 to 5 at best');
  expect(output).toContain('No learning rate is suggested: too few of the seeds have a valley.');
  expect(output).not.toContain('learning_rate:');
  const json = await find('{ curvature: 0 }', { json: true });
  expect(JSON.parse(json.output)).toMatchObject({
    suggestion: { kind: 'none' },
    learning_rate: null,
  });
  expect(json.code).toBe('not-found');
});

test('a trial that fails is quoted, and nothing is printed', async () => {
  const { output, code, words } = await find('{ behaviour: unreported }');
  expect([output, code]).toEqual(['', 'trials-failed']);
  expect(words).toContain('range test: trainEpoch() reported no losses');
});

test('the chart is written as SVG where that is asked for, and the sweep’s folder is left alone', async () => {
  const folder = sweepOf('{}');
  const svg = join(temporaryFolder(), 'range.svg');
  expect((await find('{}', { svg }, folder)).code).toBeUndefined();
  expect(readFileSync(svg, 'utf8')).toMatch(/^<svg[^]*Range test of small[^]*<\/svg>\n$/);
  expect(existsSync(join(folder, 'x.mjs'))).toBe(true);
  const missing = join(folder, 'no', 'range.svg');
  expect(await find('{}', { svg: missing }, folder)).toMatchObject({
    code: 'storage',
    words: expect.stringContaining('--svg: there is no folder'),
  });
});

/** What the command line makes of these arguments. */
function parse(...args: readonly string[]): FindOptions {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addFindCommand(program);
  const command = program.commands[0]!;
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.action(() => undefined);
  program.parse(['find', 'sweep.yaml', ...args], { from: 'user' });
  return command.opts();
}

test('the defaults are fastai’s ramp and three seeds', () => {
  expect(parse()).toEqual({
    from: 1e-7,
    to: 10,
    steps: 100,
    scale: 'exponential',
    seeds: [1, 2, 3],
    set: [],
    suggest: 'valley',
  });
  expect(parse('--set', 'a=1', '--set', 'b=2', '--seeds', '4, 5')).toMatchObject({
    set: ['a=1', 'b=2'],
    seeds: [4, 5],
  });
});

test.each([
  ['--steps', '5', /whole number of at least 6 and at most 20000/],
  ['--seeds', '1,1', /must not have a seed twice/],
  ['--seeds', '1,,2', /whole number/],
  ['--from', '-1', /number of at least 0/],
  ['--suggest', 'slide', /Allowed choices are valley, steepest, minimum/],
])('%s %s is refused', (name, value, words) => {
  expect(() => parse(name, value)).toThrow(words);
});
