// `espalier identities` and `espalier revoke`: who is let in, and who no more.

import type { Command } from 'commander';
import type { StateOption } from '../options.ts';
import { jsonOption, stateOption, withExample } from '../options.ts';
import { print, printJson, toTable } from '../output.ts';

type Options = StateOption & { readonly json?: true };

/** Adds both commands. */
export function addIdentityCommands(program: Command): void {
  const list = program
    .command('identities')
    .description("on the coordinator's host: list who was let in")
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(runList);
  withExample(list, 'espalier identities');
  const revoke = program
    .command('revoke')
    .description("on the coordinator's host: let an agent or a person in no more, at once")
    .argument('<name>', 'its name or id')
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(runRevoke);
  withExample(revoke, 'espalier revoke gpu-host-3');
}

async function runList({ state, json }: Options): Promise<void> {
  const { listMembers } = await import('../../../coordinator/access/desk.ts');
  const members = listMembers(state);
  if (json) {
    return printJson(
      members.map(({ kind, id, name, joinedMs, untilMs, revokedMs }) => ({
        kind,
        id,
        name,
        joined_ms: joinedMs,
        until_ms: untilMs,
        revoked_ms: revokedMs,
      })),
    );
  }
  const nowMs = Date.now();
  const rows = members.map((member) => [
    member.kind,
    member.name,
    member.id,
    toDay(member.joinedMs),
    toState(member, nowMs),
  ]);
  for (const line of toTable(['KIND', 'NAME', 'ID', 'JOINED', 'STATE'], rows)) print(line);
}

function toState(
  { revokedMs, untilMs }: { readonly revokedMs: number | null; readonly untilMs: number },
  nowMs: number,
): string {
  if (revokedMs !== null) return `revoked ${toDay(revokedMs)}`;
  return untilMs <= nowMs ? `expired ${toDay(untilMs)}` : `let in until ${toDay(untilMs)}`;
}

async function runRevoke(wanted: string, { state, json }: Options): Promise<void> {
  const { revokeMember } = await import('../../../coordinator/access/desk.ts');
  const { kind, id, name } = revokeMember(state, wanted, Date.now());
  if (json) return printJson({ kind, id, name });
  print(`${kind} ${name} is let in no more; what it says from now on is refused`);
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
