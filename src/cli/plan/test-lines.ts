// The range tests that come before a sweep's training, in words.

import type { SweepSpec } from '../../domain/sweep.ts';
import { type Find, isFinding, toFinding, toTestKey } from '../../lr/find.ts';
import { countConfigs } from '../../plan/setting.ts';
import { plural } from '../words.ts';

/** What range tests come before; nothing if none do. */
export function testLines(spec: SweepSpec): readonly string[] {
  const finds = findsOf(spec);
  if (finds.length === 0) return [];
  const steps = finds.reduce((sum, { seeds, steps: each }) => sum + seeds.length * each, 0);
  return [
    `Range tests come first: ${plural(steps, 'step')} for each of ${plural(countConfigs(spec), 'config')}.`,
  ];
}

/** What stands in a plan for what they are to find. */
export function standInLines(spec: SweepSpec): readonly string[] {
  return findsOf(spec).length === 0
    ? []
    : [
        'What they are to find is drawn and compared as 0.1, as base_lr 0.025, or a power of ten away.',
      ];
}

/** Each test once. */
function findsOf({ learning_rate: grids }: SweepSpec): readonly Find[] {
  const values = grids.flatMap(({ axes }) => Object.values(axes).flat());
  const finds = values.filter(isFinding).map((value) => toFinding(value).find);
  return [...new Map(finds.map((find) => [toTestKey(find), find])).values()];
}
