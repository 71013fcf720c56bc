// What `espalier lr plot` does: finds out what to draw, traces it, and prints it.

import { EspalierError } from '../../../domain/errors.ts';
import type { Metrics } from '../../../domain/objective.ts';
import { toPlainLine } from '../../../domain/plain-text.ts';
import type { PlotOptions } from '../plot.ts';
import { traceStrategy } from '../trace-strategy.ts';
import type { Candidate } from './candidate.ts';
import { choose, MOST_CURVES, type Chosen } from './choose.ts';
import { monitorOf, tellRecorded, tellSynthetic, type Recorded } from './metrics-source.ts';
import { toPage, type Drawn } from './page.ts';
import { printFrames, writeSvg } from './print-page.ts';
import { readRecorded } from './recorded-metrics.ts';
import { readScene } from './scene.ts';

/** Draws. @throws EspalierError `usage`, `invalid` or `not-found` for what cannot be drawn, `storage` if the file cannot be written */
export async function runPlot(what: readonly string[], options: PlotOptions): Promise<void> {
  const scene = await readScene(what, options);
  const { chosen, ...rest } = choose(scene.candidates, options.only);
  const recorded = await readRecorded(options);
  const drawn = chosen.map((candidate) => draw(candidate, scene.stepsPerEpoch, recorded));
  if (recorded !== undefined && drawn.every(({ told }) => told === undefined))
    throw new EspalierError('usage', `${recorded.from}: none of what is drawn follows a metric`);
  const page = toPage(drawn, { ...options, stepsPerEpoch: scene.stepsPerEpoch });
  const words = [scene.words, ...page.words, ...leftWords(rest)].map(toPlainLine);
  if (options.svg === undefined) printFrames(page, words, options);
  else writeSvg(options.svg, page, words, options);
}

function draw(candidate: Candidate, stepsPerEpoch: number, recorded: Recorded | undefined): Drawn {
  const { spec, epochs } = candidate;
  const monitor = monitorOf(spec);
  const trace = (metrics: readonly Metrics[]): Drawn['traced'] =>
    traceStrategy({ strategy: spec, epochs, stepsPerEpoch, metrics });
  if (monitor === undefined) return { candidate, traced: trace([]) };
  const told =
    recorded === undefined
      ? tellSynthetic(spec, monitor, { epochs, stepsPerEpoch })
      : tellRecorded(recorded, monitor, epochs);
  if (!told.ok) throw new EspalierError('invalid', told.problem);
  return { candidate, traced: trace(told.epochs), told: told.words };
}

function leftWords({ left, own }: Pick<Chosen, 'left' | 'own'>): readonly string[] {
  return [
    ...(left === 0
      ? []
      : [
          `the first ${MOST_CURVES}; ${left} more ${verbFor(left)} left out: --trial N or --only STRATEGY chooses`,
        ]),
    ...(own === 0
      ? []
      : [`${own} ${verbFor(own)} not drawn: only the trial's module can evaluate own/…`]),
  ];
}

function verbFor(count: number): string {
  return count === 1 ? 'is' : 'are';
}
