// Reads the lines that a trial's process writes on descriptor 4.
// Promise: whatever is written there becomes an answer; what is not the protocol becomes `failed`, in words.

import { BOUNDS } from '../../src/domain/bounds.ts';
import { isJsonNumber } from '../../src/domain/json-number.ts';
import { toPlainPlaces } from '../../src/domain/plain-text.ts';
import type { Answer, AnswerOf } from '../../src/trial/protocol.ts';
import { isMapping } from '../../src/lr/parse-field.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The answer that `line` is; one that is too long is none, whether it came at once or in pieces. */
export function parseAnswer(line: string): Answer {
  const fields = line.length > BOUNDS.answerCharacters ? undefined : parseObject(line);
  const answer = fields === undefined ? undefined : toAnswer(fields);
  return answer ?? toGarbage(line);
}

/** The answer to a line that is none. */
export function toGarbage(line: string): Answer {
  const start = JSON.stringify(toPlainPlaces(line.slice(0, 120)));
  return {
    kind: 'failed',
    message: `the trial's process wrote on descriptor 4 what is not the trial protocol: ${start}`,
  };
}

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function toAnswer(fields: Fields): Answer | undefined {
  switch (fields['kind']) {
    case 'opened':
      return isOpened(fields) ? (findExcess(fields) ?? fields) : undefined;
    case 'trained':
      return isTrained(fields) ? fields : undefined;
    case 'range_tested':
      return isRangeTested(fields) ? fields : undefined;
    case 'saved':
      return { kind: 'saved' };
    case 'restored':
      return { kind: 'restored' };
    case 'strategies':
      return isStrategies(fields) ? fields : undefined;
    case 'checked':
      return isChecked(fields) ? fields : undefined;
    case 'closed':
      return { kind: 'closed' };
    case 'failed':
      return isFailed(fields) ? fields : undefined;
    default:
      return undefined;
  }
}

function isOpened(fields: Fields): fields is AnswerOf<'opened'> {
  return (
    isCount(fields['steps_per_epoch']) &&
    fields['steps_per_epoch'] > 0 &&
    typeof fields['backend'] === 'string' &&
    typeof fields['numerics'] === 'string' &&
    typeof fields['can_save'] === 'boolean'
  );
}

/** A failure in the place of more steps than anybody trains. */
function findExcess({ steps_per_epoch: steps }: AnswerOf<'opened'>): Answer | undefined {
  if (steps <= BOUNDS.steps) return undefined;
  const message = `the trial says that an epoch has ${steps} steps; it must be at most ${BOUNDS.steps}`;
  return { kind: 'failed', message };
}

function isTrained(fields: Fields): fields is AnswerOf<'trained'> {
  const { metrics } = fields;
  return (
    isCount(fields['epoch']) &&
    isCount(fields['steps']) &&
    isJsonNumber(fields['learning_rate']) &&
    typeof fields['seconds'] === 'number' &&
    isMapping(metrics) &&
    Object.values(metrics).every(isJsonNumber)
  );
}

function isStrategies(fields: Fields): fields is AnswerOf<'strategies'> {
  const { strategies } = fields;
  return (
    Array.isArray(strategies) &&
    strategies.every(
      (one) =>
        isMapping(one) &&
        (typeof one['error'] === 'string' ||
          (Object.hasOwn(one, 'state') &&
            isSeries(one['learning_rate']) &&
            (one['momentum'] === undefined || isSeries(one['momentum'])))),
    )
  );
}

function isSeries(value: unknown): boolean {
  return isJsonNumber(value) || (Array.isArray(value) && value.every(isJsonNumber));
}

function isChecked(fields: Fields): fields is AnswerOf<'checked'> {
  const { problems } = fields;
  return (
    Array.isArray(problems) &&
    problems.every(
      (one) => isMapping(one) && isCount(one['index']) && typeof one['message'] === 'string',
    )
  );
}

function isRangeTested(fields: Fields): fields is AnswerOf<'range_tested'> {
  const { losses, stopped } = fields;
  return (
    Array.isArray(losses) &&
    losses.every(isJsonNumber) &&
    (stopped === null || typeof stopped === 'string')
  );
}

function isFailed(fields: Fields): fields is AnswerOf<'failed'> {
  const { message, stack } = fields;
  return typeof message === 'string' && (stack === undefined || typeof stack === 'string');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}
