// What `espalier lr find` can be told.

import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_FIND } from '../../../lr/find.ts';
import { METHODS, type Method } from '../../../lr/range-test/analyze-losses.ts';
import { type Ramp, SCALES, STEPS, toLearningRates } from '../../../lr/range-test/ramp.ts';
import { jsonOption, type TimeoutOptions, timeoutOptions, wholeNumber } from '../../options.ts';

/** The command's options. */
export type FindOptions = TimeoutOptions & {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly scale: Ramp['scale'];
  readonly seeds: readonly number[];
  readonly set: readonly string[];
  readonly config?: number;
  readonly suggest: Method;
  readonly json?: true;
  readonly svg?: string;
};

const SEED_MOST = 2 ** 32 - 1;

/** Adds the options to the command. */
export function addFindOptions(command: Command): void {
  const { min_lr, max_lr, steps, scale, seeds, suggest } = DEFAULT_FIND;
  const options = [
    new Option('--from <lr>', 'min_lr, the first learning rate')
      .argParser(parseRate)
      .default(min_lr),
    new Option('--to <lr>', 'max_lr, the last learning rate').argParser(parseRate).default(max_lr),
    new Option('--steps <n>', 'steps of the test, one learning rate each')
      .argParser(wholeNumber(STEPS.least, STEPS.most))
      .default(steps),
    new Option('--scale <scale>', 'how the learning rate rises').choices(SCALES).default(scale),
    new Option('--seeds <list>', 'one test for each seed')
      .argParser(parseSeeds)
      .default(seeds, seeds.join(',')),
    new Option(
      '--config <n>',
      "which config of the sweep's grid, from 1 (default: the first)",
    ).argParser(wholeNumber(1)),
    new Option('--set <key=value>', 'change a value of the config; may be given again')
      .argParser((text: string, before: readonly string[]) => [...before, text])
      .default([], 'none'),
    new Option('--suggest <method>', 'how to read the curves').choices(METHODS).default(suggest),
    new Option('--svg <file>', 'write the chart as SVG too'),
    jsonOption(),
    ...timeoutOptions(),
  ];
  for (const option of options) command.addOption(option);
}

/** The ramp that is asked for. @throws EspalierError `invalid` */
export function toRamp({ from, to, steps, scale }: FindOptions): Ramp {
  const ramp = { min_lr: from, max_lr: to, steps, scale };
  toLearningRates(ramp);
  return ramp;
}

function parseRate(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a learning rate: a number of at least 0.');
}

/** Seeds as `1,2,3`. */
function parseSeeds(text: string): readonly number[] {
  const parse = wholeNumber(0, SEED_MOST);
  const numbers = text.split(',').map((part) => parse(part.trim() === '' ? 'nothing' : part));
  if (new Set(numbers).size === numbers.length) return numbers;
  throw new InvalidArgumentError('It must not have a seed twice.');
}
