// How long an agent has been without contact, and what that means for what it runs.
// Promise: contact counts from when a heartbeat that was answered was sent, never later than the coordinator counts it. So an
// exclusive attempt, which ends after two thirds of the time, has ended before anybody else can be given it.

/** What is known of the contact. Times are milliseconds of a clock that never goes back and also counts while the host sleeps. */
export type Contact = {
  /** When the latest heartbeat was sent that was answered; at first, when the agent started. */
  readonly sinceMs: number;
  /** When the heartbeats were sent that may still be answered, by number. */
  readonly sent: ReadonlyMap<number, number>;
  /** The silence after which the coordinator counts an agent as lost; not known before its first answer. */
  readonly lostMs: number | undefined;
};

/** What an answer says of the contact; heartbeat 0: a coordinator that does not tell. */
type Answered = { readonly heartbeat: number; readonly lostMs: number };

/** Of an agent that starts. */
export function beginContact(nowMs: number): Contact {
  return { sinceMs: nowMs, sent: new Map(), lostMs: undefined };
}

/** A heartbeat is sent. */
export function noteSent(contact: Contact, number: number, nowMs: number): Contact {
  return { ...contact, sent: new Map(contact.sent).set(number, nowMs) };
}

/** An answer has come, or was pushed; it may be older than one that came before. */
export function noteAnswer(contact: Contact, answered: Answered, nowMs: number): Contact {
  const { heartbeat, lostMs } = answered;
  if (heartbeat === 0) return { sinceMs: nowMs, sent: new Map(), lostMs };
  const sinceMs = Math.max(contact.sinceMs, contact.sent.get(heartbeat) ?? contact.sinceMs);
  const sent = new Map([...contact.sent].filter(([number]) => number >= heartbeat));
  return { sinceMs, sent, lostMs };
}

/** Whether exclusive attempts must have ended, and nobody may begin one. */
export function isCutOff({ sinceMs, lostMs }: Contact, nowMs: number): boolean {
  return lostMs === undefined || nowMs - sinceMs >= (lostMs * 2) / 3;
}

/** Whether all attempts must have ended: the coordinator stays away. */
export function isOrphaned({ sinceMs }: Contact, nowMs: number, orphanMs: number): boolean {
  return nowMs - sinceMs >= orphanMs;
}
