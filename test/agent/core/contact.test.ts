// How long an agent has been without contact.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginContact,
  type Contact,
  isCutOff,
  isOrphaned,
  noteAnswer,
  noteSent,
} from '../../../agent/core/contact.ts';

const LOST_MS = 90_000;

function answered(contact: Contact, heartbeat: number, nowMs: number): Contact {
  return noteAnswer(contact, { heartbeat, lostMs: LOST_MS }, nowMs);
}

test('contact counts from when the heartbeat was sent, not from when its answer came', () => {
  const contact = answered(noteSent(beginContact(0), 1, 1_000), 1, 50_000);
  expect(isCutOff(contact, 60_999)).toBe(false);
  expect(isCutOff(contact, 61_000)).toBe(true);
});

test('an answer that overtook a later one, and pushes of what is known, change nothing', () => {
  let contact = noteSent(noteSent(beginContact(0), 1, 1_000), 2, 6_000);
  contact = answered(answered(answered(contact, 2, 7_000), 1, 8_000), 2, 40_000);
  expect(contact.sinceMs).toBe(6_000);
});

test('nobody knows yet how long is too long: nothing exclusive begins', () => {
  expect(isCutOff(beginContact(0), 0)).toBe(true);
});

test('all must end at the orphan limit, counted likewise', () => {
  const contact = answered(noteSent(beginContact(0), 1, 1_000), 1, 50_000);
  expect(isOrphaned(contact, 1_800_999, 1_800_000)).toBe(false);
  expect(isOrphaned(contact, 1_801_000, 1_800_000)).toBe(true);
});

test('a coordinator that does not tell which heartbeat it answers is in contact when it speaks', () => {
  const contact = answered(noteSent(beginContact(0), 1, 1_000), 0, 50_000);
  expect([contact.sinceMs, contact.sent.size]).toEqual([50_000, 0]);
});

/** A heartbeat: how long until the next one is sent, how long it is under way, and its answer; undefined where one is lost. */
const beat = fc.record({
  gapMs: fc.nat(40_000),
  there: fc.option(fc.nat(200_000), { nil: undefined }),
  back: fc.option(fc.nat(200_000), { nil: undefined }),
});

// Whatever is late or lost: when the coordinator gives the agent up, 90 s after the latest heartbeat that arrived, the agent has
// known for 30 s that it is cut off.
test('an agent is cut off long before it can be given up', () => {
  fc.assert(
    fc.property(fc.array(beat, { minLength: 1, maxLength: 12 }), (beats) => {
      let now = 0;
      const sent = beats.map((each) => ({ ...each, atMs: (now += each.gapMs) }));
      const arrivals = sent.flatMap(({ atMs, there }) =>
        there === undefined ? [] : [atMs + there],
      );
      const lostAt = Math.max(...arrivals) + LOST_MS;
      if (arrivals.length === 0) return;
      const at = lostAt - LOST_MS / 3;
      const events = sent
        .flatMap(({ atMs, there, back }, i) => [
          { ms: atMs, apply: (contact: Contact) => noteSent(contact, i + 1, atMs) },
          ...(there === undefined || back === undefined
            ? []
            : [
                {
                  ms: atMs + there + back,
                  apply: (contact: Contact) => answered(contact, i + 1, atMs + there + back),
                },
              ]),
        ])
        .filter(({ ms }) => ms <= at)
        .toSorted((a, b) => a.ms - b.ms);
      const contact = events.reduce((before, { apply }) => apply(before), beginContact(0));
      expect(isCutOff(contact, at)).toBe(true);
    }),
    { seed: 1, numRuns: 500 },
  );
});
