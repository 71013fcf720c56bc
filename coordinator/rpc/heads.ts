// The sweeps and the agents that a watcher is shown: it takes both whole with every message, so that they have to fit into one.
// Promise: where there are more than fit, those that run are shown, and of the others the latest.

import type { AgentView, SweepView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import {
  AgentView as Agents,
  SweepView as Sweeps,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from '../core/limits.ts';
import type { Now, State } from '../core/model.ts';
import { toAgentView, toSweepView } from '../core/view.ts';
import type { Loads } from './loads.ts';
import { takeFitting } from './pages.ts';

/** All sweeps that fit, in the order in which they were submitted, or only the one that is asked for. */
export function toSweepViews(state: State, sweepId: string, now: Now): SweepView[] {
  const sweeps = [...state.sweeps.values()].filter(({ id }) => sweepId === '' || sweepId === id);
  const shown = takeFitting(
    views(
      latest(sweeps, ({ state: is }) => is === 'running'),
      (sweep) => toSweepView(state, sweep, now),
    ),
    (view) => Sweeps.encode(view).finish().length,
  );
  const byId = new Map(shown.map((view) => [view.sweepId, view]));
  return sweeps.flatMap(({ id }) => byId.get(id) ?? []);
}

/** All agents that fit, with how busy they are, in the order in which they came. */
export function toAgentViews(state: State, now: Now, limits: Limits, loads: Loads): AgentView[] {
  const agents = [...state.agents.values()];
  const shown = takeFitting(
    views(
      latest(agents, ({ state: is }) => is === 'connected'),
      (agent) => loads.addTo(toAgentView(state, agent, now, limits)),
    ),
    (view) => Agents.encode(view).finish().length,
  );
  const byId = new Map(shown.map((view) => [view.agentId, view]));
  return agents.flatMap(({ id }) => byId.get(id) ?? []);
}

/** Those that matter first, the latest of both kinds before the others. */
function latest<T>(all: readonly T[], matters: (one: T) => boolean): readonly T[] {
  const backwards = all.toReversed();
  return [...backwards.filter(matters), ...backwards.filter((one) => !matters(one))];
}

/** Made one by one: nobody looks at those that do not fit. */
function* views<T, V>(all: Iterable<T>, toView: (one: T) => V): Generator<V> {
  for (const one of all) yield toView(one);
}
