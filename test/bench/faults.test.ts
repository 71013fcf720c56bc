// What the bench of kills would say of books that are wrong: each kind of flaw is named, and right books have none.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { toAccount } from '../../bench/faults/account.ts';
import { toJournalAccount } from '../../bench/faults/journal.ts';
import type { Told } from '../../bench/faults/spool-record.ts';
import { toStrikes } from '../../bench/faults/strikes.ts';
import type { Results } from '../../src/results/open-results.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordedSweep } from './recorded-sweep.ts';

/** The stages of the recorded sweep with their epochs, in the order in which they were told. */
const TOLD = [
  ['early', 0],
  ['root', 0],
  ['root', 1],
  ['left', 2],
  ['left', 3],
  ['middle', 2],
  ['middle', 3],
  ['right', 2],
  ['right', 3],
] as const;

const RATES = { lrFirst: 0.1, lrLast: 0.1, lrLeast: 0.1, lrGreatest: 0.1, lrApplied: 0.1 };

function toTold(stageId: string, epoch: number, i: number): Told {
  const metrics = [
    { name: 'val_loss', value: 1 / (epoch + 3) },
    { name: 'loss', value: Number.NaN },
  ];
  const item = {
    $case: 'epoch' as const,
    epoch: { epoch, metrics, steps: 20, seconds: 0, ...RATES },
  };
  const report = { agentId: 'agent', sequence: i + 1, stageId, attempt: 1, item };
  return { report, keptMs: i, acknowledgedMs: i };
}

function toLine(epoch: number): string {
  const metrics = { val_loss: 1 / (epoch + 3), loss: 'NaN' };
  const answer = { kind: 'trained', epoch, metrics, steps: 20, learning_rate: 0.1, seconds: 0 };
  return `${JSON.stringify(answer)}\n`;
}

function open(change: string): Results {
  const results = recordedSweep((db: Database.Database) => {
    db.exec("UPDATE stage SET recorded_epochs = 1 WHERE stage_id = 'early'");
    db.exec(change);
  });
  onTestFinished(() => results.close());
  return results;
}

const AGENT = `INSERT INTO agent (agent_id, name, incarnation, version, slots_json, state, draining, last_sequence)
  VALUES ('agent', 'agent', '', '', '[]', 'gone', 0, 9);`;

test.each([
  ['nothing, where all is right', '', [], []],
  [
    'an epoch that was acknowledged and is not there',
    "DELETE FROM epoch WHERE stage_id = 'left' AND epoch = 3; UPDATE stage SET recorded_epochs = 1 WHERE stage_id = 'left'",
    [/left epoch 3: "nothing"/],
    [],
  ],
  [
    'an epoch that is there as another',
    "UPDATE metric SET value = 7 WHERE stage_id = 'left' AND epoch = 3 AND name = 'val_loss'",
    [/left epoch 3: /],
    [],
  ],
  [
    'an acknowledgement that nobody remembers',
    'UPDATE agent SET last_sequence = 8',
    [/heard of 9 reports, 8 are on record/],
    [],
  ],
  [
    'an epoch that is counted twice',
    "UPDATE stage SET repeated_epochs = 1 WHERE stage_id = 'left'",
    [],
    [/left: counts 2 epochs and 1 again, has 2, was told 2/],
  ],
  [
    'an end that is told twice',
    "INSERT INTO fact (at_ms, kind, subject, body_json) VALUES (0, 'trial-ended', 't1', '{}'), (0, 'trial-ended', 't1', '{}')",
    [],
    [/t1 ended 2 times/],
  ],
])('of the reports it names %s', (_, change, lost, doubled) => {
  const told = TOLD.map(([stageId, epoch], i) => toTold(stageId, epoch, i));
  const account = toAccount([{ agentId: 'agent', told }], open(AGENT + change));
  expect(account).toMatchObject({ acknowledged: 9, epochs: 9 });
  expect(account.lost).toEqual(lost.map((words) => expect.stringMatching(words) as string));
  expect(account.doubled).toEqual(doubled.map((words) => expect.stringMatching(words) as string));
});

test('of the journal it names what was trained and is not there, and what is there and was not trained', () => {
  const journal = join(temporaryFolder(), 'journal');
  const epochs = TOLD.map(([, epoch]) => epoch);
  writeFileSync(journal, [...epochs, 3].map(toLine).join(''));
  expect(toJournalAccount(journal, open(''))).toEqual({
    trained: 10,
    unrecorded: [],
    untrained: [],
  });
  const flawed = toJournalAccount(journal, open('DELETE FROM epoch WHERE epoch = 2'));
  expect(flawed.unrecorded).toEqual([expect.stringMatching(/^epoch 2 .*: 3 here, 0 there$/)]);
  writeFileSync(journal, epochs.slice(0, -1).map(toLine).join(''));
  const doubled = toJournalAccount(journal, open(''));
  expect(doubled.untrained).toEqual([expect.stringMatching(/^epoch 3 .*: 3 here, 2 there$/)]);
});

test('the same seed strikes the same, in the order of the sweep, each kind of process as often', () => {
  const strikes = toStrikes(7, 100, 4_500);
  expect(toStrikes(7, 100, 4_500)).toEqual(strikes);
  expect(toStrikes(8, 100, 4_500)).not.toEqual(strikes);
  const shares = strikes.map(({ atShare }) => atShare);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  for (const victim of ['coordinator', 'agent', 'trial', 'supervisor'])
    expect(strikes.filter((strike) => strike.victim === victim)).toHaveLength(25);
});
