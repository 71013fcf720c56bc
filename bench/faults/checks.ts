// What must be true of a disturbed run, beside an undisturbed one of the same sweep.

import type { Recording } from '../sharing/recording.ts';
import type { DisturbedRun } from './disturbed-run.ts';

/** What was looked at, and what is wrong with it, if anything. */
export type Check = { readonly claim: string; readonly flaws: readonly string[] };

/** Looks at everything. */
export function checkFaults(kills: number, calm: Recording, run: DisturbedRun): readonly Check[] {
  const { recording, account, journal, blows, orphans, integrity } = run;
  return [
    check(`${kills} processes were killed`, blows.length === kills, `${blows.length} were`),
    check(`every trial ended: ${calm.states}`, recording.states === calm.states, recording.states),
    check('every repeated epoch came to the same', recording.irreproducible === 0, 'some did not'),
    checkEqual('leaderboard', calm.leaderboard, recording.leaderboard),
    checkEqual('histories, in every bit,', calm.lines, recording.lines),
    {
      claim: `of ${account.acknowledged} reports that were acknowledged (${account.epochs} epochs) none is lost`,
      flaws: account.lost,
    },
    {
      claim: 'no report is on record twice, and none that nobody has told',
      flaws: account.doubled,
    },
    {
      claim: `by the journal of the trials, whatever they trained (${journal.trained} epochs) is on record`,
      flaws: journal.unrecorded,
    },
    { claim: 'and what is on record they trained, as often', flaws: journal.untrained },
    { claim: 'no process is left', flaws: orphans },
    check('the database is sound', integrity === 'ok', integrity),
  ];
}

function checkEqual(what: string, calm: readonly string[], struck: readonly string[]): Check {
  const claim = `the ${what} of an undisturbed run (${calm.length} rows)`;
  const at = calm.findIndex((line, i) => line !== struck[i]);
  const isEqual = calm.length > 0 && at === -1 && calm.length === struck.length;
  return check(claim, isEqual, `row ${at + 1} is "${struck[at]}", not "${calm[at]}"`);
}

function check(claim: string, isRight: boolean, flaw: string): Check {
  return { claim, flaws: isRight ? [] : [flaw] };
}
