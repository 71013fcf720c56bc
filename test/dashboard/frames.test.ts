// What a person sees, compared with screens that were looked at and kept in `frames/`, character by character.
// `vitest run test/dashboard/frames -u` writes them anew; look at every difference before keeping it.

import { expect, test } from 'vitest';
import { frame } from '../../src/dashboard/frame/frame.ts';
import type { ColourDepth, Model, Size } from '../../src/dashboard/model.ts';
import { update } from '../../src/dashboard/update.ts';
import type { WatchTrialResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { after, blank, typed } from './after.ts';
import { seededSweep, worksSweep, WRITTEN } from './sample-panes.ts';
import { sharedSweep } from './sample-tree.ts';
import {
  busySweep,
  cosineEpochs,
  nearResponse,
  plateauEpochs,
  sweepInDoubt,
  sweepView,
  watchResponse,
} from './sample.ts';

const SMALL: Size = { columns: 80, rows: 24 };
const LARGE: Size = { columns: 120, rows: 40 };

const plateau = nearResponse('t24', { epochs: [...plateauEpochs(20)] });
const equal = nearResponse('t9', { epochs: [...plateauEpochs(20)] });
const cosine = nearResponse('t1', { epochs: [...cosineEpochs(20)] });
const best = [...plateauEpochs(20)];
const along = (offset: number): readonly { epoch: number; value: number }[] =>
  best.map(({ epoch }) => ({ epoch, value: 0.1 + offset + Math.exp(-epoch / (3 + 9 * offset)) }));
const besides = (offsets: Readonly<Record<string, number>>): WatchTrialResponse =>
  nearResponse('t19', {
    epochs: best,
    beside: Object.entries(offsets).flatMap(([trialId, offset]) =>
      along(offset).map((at) => ({ trialId, ...at })),
    ),
  });
const seeds = besides({ t20: 0.3, t21: 0.5 });
const strategies = besides({ t1: 0.2, t7: 0.4, t25: 0.6 });
const output = nearResponse('t19', {
  output: [{ attempt: 1, stageId: 's1/19@0', droppedBytes: 0, data: Buffer.from(WRITTEN) }],
});
const accuracy = {
  ...busySweep(),
  sweeps: busySweep().sweeps.map((sweep) => ({
    ...sweep,
    objective: { metric: 'val_accuracy', mode: 'max' },
  })),
};

const SCREENS: readonly (readonly [name: string, size: Size, of: (model: Model) => Model])[] = [
  ['overview', SMALL, (model) => after(model, busySweep())],
  ['overview', LARGE, (model) => after(model, busySweep())],
  ['overview-tiny', { columns: 40, rows: 10 }, (model) => after(model, busySweep())],
  ['overview-start', SMALL, (model) => after(model, watchResponse({ sweeps: [sweepView()] }))],
  ['overview-nothing', SMALL, (model) => after({ ...model, sweepId: '' }, watchResponse())],
  ['overview-lost', SMALL, (model) => lost(after(model, busySweep()))],
  ['overview-held', SMALL, (model) => after(model, sweepInDoubt())],
  ['overview-ended', SMALL, (model) => after(model, endedSweep())],
  ['trials', SMALL, (model) => after(model, busySweep(), '2', 'j', 'j')],
  ['trials', LARGE, (model) => after(model, busySweep(), '2', 's', 'G')],
  ['trials-tiny', { columns: 40, rows: 10 }, (model) => after(model, busySweep(), '2')],
  ['trials-filter', SMALL, (model) => after(model, busySweep(), '/', ...typed('cos 128'))],
  ['trials-filter', LARGE, (model) => after(model, busySweep(), '/', ...typed('nothing like it'))],
  [
    'trials-confirm',
    SMALL,
    (model) => after(model, busySweep(), '2', ...typed('jjjjjjjjjjjjjjjjjjjjjjjj'), 'c'),
  ],
  ['trials-confirm', LARGE, (model) => after(model, busySweep(), '1', 'c')],
  ['trial', SMALL, (model) => after(model, busySweep(), 'b', plateau)],
  ['trial', LARGE, (model) => after(model, busySweep(), 'b', plateau)],
  ['trial-log', SMALL, (model) => after(model, busySweep(), 'b', 'y', plateau)],
  ['trial-accuracy', SMALL, (model) => after(model, accuracy, '2', 'enter', cosine)],
  [
    'trial-failed',
    SMALL,
    (model) => after(model, busySweep(), '/', ...typed('#13'), 'enter', 'enter'),
  ],
  ['trial-tiny', { columns: 40, rows: 10 }, (model) => after(model, busySweep(), 'b', plateau)],
  ['overview-sharing', SMALL, (model) => after(model, sharedSweep())],
  ['overview-drain', SMALL, (model) => after(model, sharedSweep(), 'd', 'j')],
  ['trials-sharing', SMALL, (model) => after(model, sharedSweep(), '2', ...typed('jjjjjj'))],
  ['trial-sharing', SMALL, (model) => after(model, sharedSweep(), '4', 'j', 'enter')],
  [
    'trial-equal',
    SMALL,
    (model) => after(model, sharedSweep(), '/', ...typed('#9'), 'enter', 'enter', equal),
  ],
  ['tree', SMALL, (model) => after(model, sharedSweep(), '4', 'j', 'j', 'j')],
  ['tree', LARGE, (model) => after(model, sharedSweep(), '4', ...typed('jjjjjjj'))],
  ['tree-tiny', { columns: 40, rows: 10 }, (model) => after(model, sharedSweep(), '4')],
  ['tree-nothing', SMALL, (model) => after(model, busySweep(), '4')],
  ['overview-won', SMALL, (model) => after(model, seededSweep())],
  ['overview-won', LARGE, (model) => after(model, seededSweep())],
  ['trial-seeds', SMALL, (model) => after(model, seededSweep(), 'b', 'x', seeds)],
  ['trial-strategies', LARGE, (model) => after(model, seededSweep(), 'b', 'x', 'x', strategies)],
  ['trial-values', SMALL, (model) => after(model, seededSweep(), 'b', 'i')],
  ['agents', SMALL, (model) => after(model, worksSweep(), '5', 'j')],
  ['agents', LARGE, (model) => after(model, worksSweep(), '5', 'j', 'j', 'j', 'j')],
  ['agents-tiny', { columns: 40, rows: 10 }, (model) => after(model, worksSweep(), '5')],
  ['agents-nothing', SMALL, (model) => after(model, watchResponse(), '5')],
  ['strategies', SMALL, (model) => after(model, seededSweep(), '6')],
  ['strategies', LARGE, (model) => after(model, seededSweep(), '6', 'v')],
  ['strategies-cyclic', SMALL, (model) => after(model, seededSweep(), '6', 'G', 'k')],
  ['strategies-tiny', { columns: 40, rows: 10 }, (model) => after(model, seededSweep(), '6')],
  ['log', SMALL, (model) => after(model, worksSweep(), '7')],
  ['log', LARGE, (model) => after(model, worksSweep(), '7')],
  ['log-tiny', { columns: 40, rows: 10 }, (model) => after(model, worksSweep(), '7', 'g')],
  ['output', SMALL, (model) => after(model, seededSweep(), 'b', 'o', output)],
  ['sweeps', SMALL, (model) => after(model, severalSweeps(), 'a', 'k')],
  ['prompt', SMALL, (model) => after(model, worksSweep(), '2', '#', ...typed('17'))],
  ['read-only', SMALL, (model) => after({ ...model, mayOnlyRead: true }, worksSweep(), 'p')],
  ['help', SMALL, (model) => after(model, busySweep(), '?')],
  ['help', LARGE, (model) => after(model, busySweep(), '2', '?')],
];

test.each(SCREENS)('the screen %s of %o is as it was looked at', async (name, size, of) => {
  const text = frame(of(blank(size.columns, size.rows))).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot(`frames/${name}-${size.columns}x${size.rows}.txt`);
});

const COLOURED: readonly (readonly [
  depth: ColourDepth,
  name: string,
  of: (model: Model) => Model,
])[] = [
  ['16', 'overview', (model) => after(model, busySweep())],
  ['true', 'overview', (model) => after(model, busySweep())],
  ['16', 'tree', (model) => after(model, sharedSweep(), '4')],
  ['16', 'strategies', (model) => after(model, seededSweep(), '6')],
  ['true', 'strategies', (model) => after(model, seededSweep(), '6')],
  ['16', 'agents', (model) => after(model, worksSweep(), '5')],
  ['16', 'trial', (model) => after(model, busySweep(), 'b', plateau)],
];

test.each(COLOURED)(
  'in %s colours the screen %s is as it was looked at',
  async (depth, name, of) => {
    const text = frame(of(blank(80, 24, depth))).join('\n');
    // Escape is shown as a sign, so that the file is text.
    await expect(`${text.replaceAll('\u001B', '␛')}\n`).toMatchFileSnapshot(
      `frames/${name}-80x24-${depth}.txt`,
    );
  },
);

const ENDED = {
  state: 'completed',
  completed: 48,
  failed: 0,
  diverged: 0,
  cancelled: 0,
  running: 0,
  pending: 0,
  epochsDelivered: 960,
  epochsTrained: 829,
  epochsRepeated: 0,
};

function lost(model: Model): Model {
  return update(model, { kind: 'disconnected', reason: 'no coordinator answers at head:7700' })
    .model;
}

function severalSweeps(): ReturnType<typeof busySweep> {
  const busy = busySweep();
  const other = { name: 'clothes with a very long name indeed', trials: 12, pending: 12 };
  const won = seededSweep().sweeps.map((sweep) => ({ ...sweep, sweepId: 's0' }));
  return { ...busy, sweeps: [...won, ...busy.sweeps, sweepView({ sweepId: 's2', ...other })] };
}

function endedSweep(): ReturnType<typeof busySweep> {
  const { sweeps, trials, ...rest } = busySweep();
  return {
    ...rest,
    trials: trials.map((trial) => ({ ...trial, state: 'completed', slot: '', message: '' })),
    sweeps: sweeps.map((sweep) => ({
      ...sweep,
      ...ENDED,
    })),
  };
}
