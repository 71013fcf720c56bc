// The path of a trial in words: the stages that trained it, the trials that are equal to it, the checkpoints that are held.

import { formatBytes, plural } from '../dashboard/frame/number.ts';
import type { CheckpointRow, PathStage, TrialPath } from '../results/trial-path.ts';

const EQUALS_NAMED = 8;

/** Lines for people. */
export function pathLines(path: TrialPath): readonly string[] {
  const trained = path.stages.filter(hasEpochs).map(stageText);
  return [
    `path: ${trained[0] ?? 'no epoch yet'}`,
    ...trained.slice(1).map((text) => `    → ${text}`),
    ...equalLines(path.equals),
    ...path.stages
      .filter(({ reproducible }) => !reproducible)
      .map(
        ({ stage_id: id }) =>
          `not reproducible: ${id} gave other numbers when it was trained again`,
      ),
    ...checkpointLines(path.checkpoints),
  ];
}

/** The same for programs. */
export function pathJson({ stages, equals, checkpoints }: TrialPath): object {
  return {
    path: stages,
    equals,
    reproducible: stages.every(({ reproducible }) => reproducible),
    checkpoints,
  };
}

function hasEpochs({ from_epoch: from, to_epoch: to }: PathStage): boolean {
  return to > from;
}

function stageText(stage: PathStage): string {
  const { stage_id: id, from_epoch: from, to_epoch: to, members, attempts } = stage;
  const epochs = to - from === 1 ? `epoch ${from}` : `epochs ${from}–${to - 1}`;
  const company = members === 1 ? 'alone' : `shared by ${members} trials`;
  return `${id} ${epochs} ${company}${attempts > 1 ? ` in ${attempts} attempts` : ''}`;
}

function equalLines(equals: readonly string[]): readonly string[] {
  if (equals.length === 0) return [];
  const more = equals.length - EQUALS_NAMED;
  const named = equals.slice(0, EQUALS_NAMED).join(' ');
  return [`equal to: ${named}${more > 0 ? ` and ${more} more` : ''}: the same training, done once`];
}

function checkpointLines(checkpoints: readonly CheckpointRow[]): readonly string[] {
  return checkpoints.map(({ stage_id: stage, epoch, size_bytes: size, stored, agents }) => {
    const where = [...(stored ? ['the coordinator'] : []), ...agents].join(', ');
    return `checkpoint: ${stage} after ${plural(epoch, 'epoch')}, ${formatBytes(size)}, on ${where}`;
  });
}
