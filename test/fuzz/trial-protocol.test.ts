// What a trial's process may say to its agent: line by line, and as a process of a real agent of a real coordinator.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseAnswer } from '../../agent/trial/answer.ts';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { startAgent } from '../agent/support/start-agent.ts';
import { submitSmall, testClient, testCoordinator } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/processes.ts';
import { mutate, randomBytes } from './bytes.ts';
import { forSeeds } from './seeds.ts';

vi.setConfig({ testTimeout: 3_600_000 });

const ANSWERS = [
  { kind: 'opened', steps_per_epoch: 2, backend: 'b', numerics: 'n', can_save: true },
  {
    kind: 'trained',
    epoch: 1,
    metrics: { loss: 'NaN', val_loss: 0.5, '': -1 },
    steps: 3,
    learning_rate: 0.1,
    seconds: 1.5,
  },
  { kind: 'range_tested', losses: [1, 'NaN', 0.5], stopped: null },
  { kind: 'strategies', strategies: [{ state: {}, learning_rate: [0.1] }, { error: 'no' }] },
  { kind: 'checked', problems: [{ index: 0, message: 'no' }] },
  { kind: 'failed', message: 'no luck', stack: 'at trial.ts:1:2' },
  { kind: 'saved' },
].map((answer) => Buffer.from(JSON.stringify(answer)));

test('any line is an answer, and one that was changed is the same answer, another one or a failure in words', async () => {
  const kinds = new Set<string>();
  await forSeeds('answers', 20_000, (dice) => {
    const line = dice.is(0.1)
      ? randomBytes(dice, 200)
      : mutate(dice, dice.pick(ANSWERS), dice.pick(ANSWERS));
    const answer = parseAnswer(line.toString('utf8'));
    kinds.add(answer.kind);
    if (answer.kind === 'failed' && answer.message.includes('what is not the trial protocol'))
      expect(answer.message).toMatch(/^[^\p{Cc}]{1,1000}$/u);
  });
  expect([...kinds].toSorted()).toEqual(
    ANSWERS.map((line) => parseAnswer(line.toString()).kind).toSorted(),
  );
});

const FIXTURE = join(import.meta.dirname, 'fixtures/babbler.mjs');
const BABBLE = [...readFileSync(FIXTURE, 'utf8').matchAll(/^ {2}(\w+): \(/gm)].map(
  ([, name]) => name ?? '',
);

/** What is said in the place of `opened`; all is said in the place of `trained` besides. */
const OPENING = ['half', 'no_fields', 'huge_steps', 'odd_names_of', 'long_words', 'prototype'];

/** What is odd and still says what was asked for. */
const FINE = new Set(['pieces', 'prototype', 'odd_names_of', 'huge_rate', 'huge_steps at 1']);

function sweepFile(name: string, at: number, babble: readonly string[]): string {
  return [
    `name: ${name}`,
    'trial: ./trial.ts',
    'objective: { metric: val_loss, mode: min }',
    'epochs: 2',
    'retries: 0',
    'learning_rate: [{ strategy: cyclic, base_lr: 0.1, max_lr: 0.3, step_size: 2 }]',
    `config: { babble: [${babble.join(', ')}], at: ${at} }`,
  ].join('\n');
}

test('whatever a trial says ends that trial at most, in words, and neither its agent nor another trial', async () => {
  expect(BABBLE.length).toBeGreaterThan(20);
  const state = temporaryFolder();
  const coordinator = await testCoordinator(state, { backoffMs: 10 });
  const client = testClient(coordinator);
  await submitSmall(client, sweepFile('opening', 0, OPENING));
  await submitSmall(client, sweepFile('training', 1, BABBLE));
  const agent = startAgent({
    coordinator: coordinator.address,
    state: temporaryFolder(),
    slots: 3,
    trialArgv: [process.execPath, FIXTURE],
  });
  const results = openResults(statePaths(state).database);
  onTestFinished(() => results.close());
  for (const sweep of ['opening', 'training'])
    await until(`the end of ${sweep}`, () => results.sweep(sweep)?.state === 'completed', 300_000);
  await agent.stop();
  const look = (sweep: string, at: number, babble: readonly string[]): void => {
    for (const [i, name] of babble.entries()) {
      const { state: is, message } = results.trial(`${sweep}/${i + 1}`) ?? { message: '' };
      const isFine = FINE.has(name) || FINE.has(`${name} at ${at}`);
      expect([name, at, is]).toEqual([name, at, isFine ? 'completed' : 'failed']);
      if (!isFine) expect(message).toMatch(/^[^\p{Cc}]{10,9000}(\n|$)/u);
    }
  };
  look('opening', 0, OPENING);
  look('training', 1, BABBLE);
});
