import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAnswer } from '../../../agent/trial/answer.ts';
import { BOUNDS } from '../../../src/domain/bounds.ts';
import { fromJsonMetrics } from '../../../src/domain/json-number.ts';

const TRAINED = {
  kind: 'trained',
  epoch: 1,
  metrics: { loss: 'NaN', val_loss: '-Infinity', accuracy: 0.5 },
  steps: 3,
  learning_rate: 0.1,
  seconds: 1.5,
};

test('metrics come back as the numbers they were', () => {
  const answer = parseAnswer(JSON.stringify(TRAINED));
  expect(answer.kind).toBe('trained');
  if (answer.kind !== 'trained') return;
  const metrics = fromJsonMetrics(answer.metrics);
  expect(metrics).toEqual({ loss: Number.NaN, val_loss: -Infinity, accuracy: 0.5 });
});

test('losses of a range test come as they were sent', () => {
  const answer = { kind: 'range_tested', losses: [1, 'NaN'], stopped: 'the loss is NaN' };
  expect(parseAnswer(JSON.stringify(answer))).toEqual(answer);
});

test.each(['saved', 'restored', 'closed'])('%s is an answer of one word', (kind) => {
  expect(parseAnswer(JSON.stringify({ kind }))).toEqual({ kind });
});

test.each<[string, object]>([
  ['no kind', {}],
  ['an unknown kind', { kind: 'hello' }],
  ['a metric that is text', { ...TRAINED, metrics: { loss: 'high' } }],
  ['metrics that are a list', { ...TRAINED, metrics: [1] }],
  ['no learning rate', { ...TRAINED, learning_rate: null }],
  ['steps below zero', { ...TRAINED, steps: -1 }],
  ['an epoch that no message can hold', { ...TRAINED, epoch: 2 ** 32 }],
  [
    'opened without steps',
    { kind: 'opened', steps_per_epoch: 0, backend: 'b', numerics: 'n', can_save: true },
  ],
  ['failed without a message', { kind: 'failed' }],
  ['losses that are text', { kind: 'range_tested', losses: ['low'], stopped: null }],
  ['losses that are one number', { kind: 'range_tested', losses: 1, stopped: null }],
  ['a range test that does not say whether it stopped', { kind: 'range_tested', losses: [1] }],
])('%s is not the protocol', (_what, line) => {
  const answer = parseAnswer(JSON.stringify(line));
  expect(answer).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('not the trial protocol'),
  });
});

test('any line becomes an answer, and what is not one is quoted shortly and printably', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (line) => {
      const answer = parseAnswer(line);
      if (answer.kind !== 'failed') return;
      expect(answer.message.length).toBeLessThan(1000);
      expect(answer.message).not.toMatch(/\p{Cc}/u);
    }),
    { seed: 4 },
  );
});

function opened(steps: number): string {
  const what = { kind: 'opened', backend: 'b', numerics: 'n', can_save: true };
  return JSON.stringify({ ...what, steps_per_epoch: steps });
}

function said(characters: number) {
  return { kind: 'failed', message: 'x'.repeat(characters) };
}

test('a line that is too long is no answer, also where all of it is there', () => {
  expect(parseAnswer(JSON.stringify(said(1_000)))).toEqual(said(1_000));
  expect(parseAnswer(JSON.stringify(said(BOUNDS.answerCharacters)))).toMatchObject({
    message: expect.stringContaining('what is not the trial protocol') as string,
  });
});

test('an epoch of more steps than anybody trains is a failure in words', () => {
  expect(parseAnswer(opened(BOUNDS.steps))).toMatchObject({ kind: 'opened' });
  expect(parseAnswer(opened(BOUNDS.steps + 1))).toEqual({
    kind: 'failed',
    message: 'the trial says that an epoch has 10000001 steps; it must be at most 10000000',
  });
});
