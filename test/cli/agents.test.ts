// `espalier agents` against a real coordinator.

import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { addAgentsCommand } from '../../src/cli/agents.ts';
import {
  agentClient,
  ended,
  ScriptedAgent,
  submitSmall,
  testClient,
  testCoordinator,
} from '../support/coordinator.ts';

const SWEEP_FILE = [
  'name: small',
  'trial: ./trial.ts',
  'objective: { metric: val_loss, mode: min }',
  'epochs: 2',
  'sharing: off',
  'learning_rate: [{ strategy: fixed, lr: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] }]',
].join('\n');

const OPENED = {
  $case: 'opened',
  opened: { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true },
} as const;

test('agents are listed with what they do, and why one is given nothing', async () => {
  const coordinator = await testCoordinator();
  await submitSmall(testClient(coordinator), SWEEP_FILE);
  const client = agentClient(coordinator);
  const [ann, bob] = [new ScriptedAgent(client, 'ann'), new ScriptedAgent(client, 'bob')];
  ann.beat();
  await ann.desired();
  await ann.report('small/1@0', 1, OPENED);
  bob.beat();
  for (const stageId of ['small/2@0', 'small/3@0', 'small/4@0']) {
    let { assignments } = await bob.desired();
    while (assignments[0]?.stageId !== stageId) ({ assignments } = await bob.desired());
    await bob.report(stageId, 1, ended('failed', 'no such device'));
  }
  const lines = await type(coordinator.address);
  expect(lines).toEqual([
    'AGENT  STATE      SLOTS  WHY',
    'ann    connected  1/1',
    expect.stringMatching(
      /^bob {4}aside {6}0\/1 {4}cpu0 set aside for \d+ s, attempts keep failing there: no such device$/,
    ) as string,
  ]);
});

async function type(address: string): Promise<readonly string[]> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const program = new Command().exitOverride();
    addAgentsCommand(program);
    await program.parseAsync(['agents', '--coordinator', address], { from: 'user' });
    return write.mock.calls.map(([text]) => String(text).trimEnd());
  } finally {
    write.mockRestore();
  }
}
