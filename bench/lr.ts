// `npm run bench -- lr`: what learning rates cost. Every strategy for a million steps, and the decision of an agent about a thousand trials.
// Promise: processor time, so that a busy machine does not spoil it; exit status 1 if a limit is not held by the least of the runs.

import type { StrategySpec } from '../src/lr/spec.ts';
import { toDistribution } from './distribution.ts';
import { type Check, checkMixes, checkStrategies } from './lr/checks.ts';
import { EPOCH_STEPS, STEPS, timeAll, type Times } from './lr/evaluate.ts';
import { EPOCH_STEPS as BOUNDARY_STEPS, MEMBERS, MIXES, timeMix } from './lr/mixes.ts';
import { SETTINGS, WARMUP } from './lr/settings.ts';
import { print, toProcessors } from './print.ts';

const RUNS = 7;
const NAME_WIDTH = 46;
const NUMBER_WIDTH = 16;
const NS_PER_MS = 1e6;

/** Prints nanoseconds a step of every strategy and milliseconds of every mix: about two minutes. */
export function benchLr(): void {
  print(`${toProcessors()}, Node ${process.versions.node}`);
  print(`processor time of ${RUNS} runs after one that warms up: least / median`);
  const checks = [checkStrategies(timeStrategies()), checkMixes(timeMixes())];
  print('');
  for (const check of checks) print(toVerdict(check));
  if (checks.some(({ flaw }) => flaw !== undefined)) process.exitCode = 1;
}

function timeStrategies(): ReadonlyMap<string, Times> {
  const all = timeAll({ ...SETTINGS, ...warmed() }, RUNS);
  const units = ['one stretch', `epochs of ${EPOCH_STEPS}`];
  print('');
  print(toRow('ns a step, of a million', units));
  for (const [name, { stretch, epochs }] of all)
    print(
      toRow(
        name,
        [stretch, epochs].map((ms) => toPair(ms, NS_PER_MS / STEPS, 1)),
      ),
    );
  return all;
}

function warmed(): Readonly<Record<string, StrategySpec>> {
  const entries = Object.entries(SETTINGS).map(([name, spec]): [string, StrategySpec] => [
    `${name}, warm-up`,
    { ...spec, warmup: WARMUP },
  ]);
  return Object.fromEntries(entries);
}

function timeMixes(): ReadonlyMap<string, readonly number[]> {
  print('');
  print(toRow(`${MEMBERS} trials, ${BOUNDARY_STEPS} steps`, ['classes', 'ms a boundary']));
  const all = new Map<string, readonly number[]>();
  for (const [name, strategyOf] of Object.entries(MIXES)) {
    const { classes, ms } = timeMix(strategyOf, RUNS);
    all.set(name, ms);
    print(toRow(name, [String(classes), toPair(ms, 1, 0)]));
  }
  return all;
}

function toPair(ms: readonly number[], factor: number, digits: number): string {
  const numbers = [Math.min(...ms), toDistribution(ms).median];
  return numbers.map((value) => (value * factor).toFixed(digits)).join(' / ');
}

function toRow(name: string, cells: readonly string[]): string {
  return [name.padEnd(NAME_WIDTH), ...cells.map((cell) => cell.padStart(NUMBER_WIDTH))].join('');
}

function toVerdict({ claim, flaw }: Check): string {
  return flaw === undefined ? `✓ ${claim}` : `✗ ${claim}: ${flaw}`;
}
