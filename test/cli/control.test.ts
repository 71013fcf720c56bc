// `pause`, `resume`, `retry`, `cancel` and `drain` as a person types them, against a coordinator that answers as it is told.

import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addControlCommands } from '../../src/cli/control.ts';
import { addAgentsCommand } from '../../src/cli/agents.ts';
import { addDrainCommand } from '../../src/cli/drain.ts';
import type {
  ControlRequest,
  ControlResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { SweepServiceService } from '../../src/wire/generated/espalier/v1/sweep.ts';

type Answer = Partial<ControlResponse> | { readonly code: status; readonly details: string };

/** Runs one command line; what the coordinator was asked, and what was printed. */
async function type(
  line: string,
  answer: Answer,
): Promise<{ readonly asked: ControlRequest['action']; readonly printed: string }> {
  let asked: ControlRequest['action'];
  const server = new Server();
  server.addService(SweepServiceService, {
    control: (
      { request }: ServerUnaryCall<ControlRequest, ControlResponse>,
      reply: sendUnaryData<ControlResponse>,
    ) => {
      asked = request.action;
      if ('code' in answer) reply(answer);
      else reply(null, { trials: 0, agentId: '', trialId: '', ...answer });
    },
    submit: () => undefined,
    explain: () => undefined,
    watch: () => undefined,
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const program = new Command().exitOverride();
    addControlCommands(program);
    addDrainCommand(program);
    addAgentsCommand(program);
    const words = [...line.split(' '), '--coordinator', `127.0.0.1:${port}`];
    await program.parseAsync(words, { from: 'user' });
    return { asked, printed: write.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    write.mockRestore();
  }
}

const trial = { sweepId: 'digits', trialId: 'digits/7' };
const sweep = { sweepId: 'digits', trialId: '' };

test.each([
  ['pause digits/7', { $case: 'pause', pause: trial }, 'paused from the end of its epoch on'],
  ['resume digits/7', { $case: 'resume', resume: trial }, 'goes on when a slot is free'],
  [
    'retry digits/7',
    { $case: 'retry', retry: trial },
    'tried again, after its last recorded epoch',
  ],
  ['cancel digits/7', { $case: 'cancel', cancel: trial }, 'cancelled'],
])('"%s" is about one trial', async (line, asked, words) => {
  expect(await type(line, { trials: 1 })).toEqual({ asked, printed: `digits/7: ${words}\n` });
});

test.each([
  [
    'pause digits',
    { $case: 'pause', pause: sweep },
    '12 trials paused, those that train from the end of their epoch on',
  ],
  [
    'resume digits',
    { $case: 'resume', resume: sweep },
    '12 trials resumed, each goes on when a slot is free',
  ],
  [
    'retry digits',
    { $case: 'retry', retry: sweep },
    '12 trials tried again, each after its last recorded epoch',
  ],
  ['cancel digits', { $case: 'cancel', cancel: sweep }, '12 trials cancelled'],
])('"%s" is about all trials', async (line, asked, words) => {
  expect(await type(line, { trials: 12 })).toEqual({ asked, printed: `digits: ${words}\n` });
});

test.each([
  ['pause digits/7', 'digits/7: nothing changed, it has ended or is paused already'],
  ['pause digits', 'digits: nothing changed, all trials have ended or are paused already'],
  ['resume digits/7', 'digits/7: nothing changed, it was not paused'],
  ['resume digits', 'digits: nothing changed, no trial was paused'],
  ['retry digits/7', 'digits/7: nothing changed, it has not failed'],
  ['retry digits', 'digits: nothing changed, no trial has failed'],
  ['cancel digits/7', 'digits/7: nothing changed, it had ended already'],
  ['cancel digits', 'digits: nothing changed, all trials had ended already'],
])('"%s" says so where nothing was changed', async (line, words) => {
  expect((await type(line, { trials: 0 })).printed).toBe(`${words}\n`);
});

test.each([
  ['pause', 'paused'],
  ['resume', 'resumed'],
  ['retry', 'retried'],
  ['cancel', 'cancelled'],
])('"%s --json" prints the number of trials', async (verb, key) => {
  const { printed } = await type(`${verb} digits --json`, { trials: 3 });
  expect(JSON.parse(printed)).toEqual({ [key]: 3 });
});

test('"drain" names the agent and what it ran', async () => {
  const some = await type('drain borea', { agentId: 'a-1', trials: 1 });
  expect(some).toEqual({
    asked: { $case: 'drain', drain: { agent: 'borea' } },
    printed: 'borea: hands over what it runs (1 trial), then leaves\n',
  });
  const none = await type('drain borea', { agentId: 'a-1' });
  expect(none.printed).toBe('borea: hands over what it runs, then leaves\n');
  const json = await type('drain borea --json', { agentId: 'a-1', trials: 2 });
  expect(JSON.parse(json.printed)).toEqual({ drained: 'a-1', trials: 2 });
});

test('"agents --trust" and "agents --give-up" say what they changed', async () => {
  const trusted = await type('agents --trust borea', { agentId: 'a-1', trials: 2 });
  expect(trusted).toEqual({
    asked: { $case: 'trust', trust: { agent: 'borea' } },
    printed: 'borea: is given work again\n',
  });
  const none = await type('agents --trust borea', { agentId: 'a-1' });
  expect(none.printed).toBe('borea: nothing changed, no slot of it was set aside\n');
  const given = await type('agents --give-up', { trials: 3 });
  expect(given).toEqual({
    asked: { $case: 'giveUp', giveUp: {} },
    printed: '3 trials of agents that vanished go on elsewhere\n',
  });
});

test("the coordinator's refusal is passed on in its words", async () => {
  const details = 'no trial digits/7: it has 3 trials';
  const refused = type('pause digits/7', { code: status.NOT_FOUND, details });
  await expect(refused).rejects.toMatchObject({ code: 'not-found', message: details });
});
