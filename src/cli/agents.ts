// `espalier agents`: the agents and what they do; those in doubt with the reason, and what a person can do about it.

import type { Command } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import type { SweepClient } from '../wire/sweep-client.ts';
import type { AgentView } from '../wire/generated/espalier/v1/sweep.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson, toTable } from './output.ts';
import { withClient } from './with-client.ts';

type Options = ServerOptions & {
  readonly json?: true;
  readonly trust?: string;
  readonly giveUp?: true;
};

/** Adds the command. */
export function addAgentsCommand(program: Command): void {
  const command = program
    .command('agents')
    .description('list the agents, what they do, and why some are given nothing')
    .option('--trust <agent>', 'give work again to slots of it that were set aside')
    .option(
      '--give-up',
      'count those as lost that vanished together: others go on with their trials',
    )
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier agents', 'espalier agents --trust gpu-host-3');
}

async function run(options: Options): Promise<void> {
  await withClient(options, async (client) => {
    if (options.trust !== undefined) return trust(client, options.trust, options);
    if (options.giveUp) return giveUp(client, options);
    return list(client, options);
  });
}

async function trust(client: SweepClient, agent: string, { json }: Options): Promise<void> {
  const { agentId, trials: slots } = await client.trust(agent);
  if (json) return printJson({ trusted: agentId, slots });
  const what = slots === 0 ? 'nothing changed, no slot of it was set aside' : 'is given work again';
  print(`${agent}: ${what}`);
}

async function giveUp(client: SweepClient, { json }: Options): Promise<void> {
  const trials = await client.giveUp();
  if (json) return printJson({ given_up: trials });
  print(
    trials === 0
      ? 'nothing changed: no agent that is held has a trial'
      : `${trials} trials of agents that vanished go on elsewhere`,
  );
}

async function list(client: SweepClient, { json }: Options): Promise<void> {
  const agents = await firstAgents(client);
  if (json) return printJson(agents.map(toJson));
  if (agents.length === 0) return print('no agents yet: start one with espalier agent');
  const rows = agents.map(({ name, state, slots, reason }) => [
    name,
    state,
    `${slots.filter(({ stageId }) => stageId !== '').length}/${slots.length}`,
    reason,
  ]);
  for (const line of toTable(['AGENT', 'STATE', 'SLOTS', 'WHY'], rows)) print(line);
}

/** Those that have left in good order are not among them. */
async function firstAgents(client: SweepClient): Promise<readonly AgentView[]> {
  // A sweep's trials are not wanted, and there is no sweep without them: the first page has the agents.
  for await (const { agents } of client.watch({ sweepId: '', trialId: '' }))
    return agents.filter(({ state }) => state !== 'gone');
  throw new EspalierError('unavailable', 'the coordinator ended the stream');
}

function toJson({ agentId, name, state, version, reason, slots }: AgentView): object {
  return {
    agent_id: agentId,
    name,
    state,
    version,
    reason,
    slots: slots.map(({ name: slot, kind, stageId }) => ({ name: slot, kind, stage_id: stageId })),
  };
}
