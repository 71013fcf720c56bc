// What people have changed of a sweep: priorities, and trials that were cloned. Promise: a database of a release before that has none.

/** Of a sweep. `trials` are those of another priority than 0 and those that are clones, by their ids. */
export type Steering = {
  readonly priority: number;
  readonly trials: ReadonlyMap<string, SteeredTrial>;
};

/** One trial that a person has made or ranked. */
export type SteeredTrial = { readonly priority: number; readonly cloned_from: string | null };

type Row = {
  readonly trial_id: string | null;
  readonly priority: number;
  readonly cloned_from: string | null;
};

/** Reads it through the documented views. */
export function readSteering(
  all: <T>(sql: string, ...values: readonly string[]) => readonly T[],
  sweepId: string,
): Steering {
  const views = all("SELECT name FROM sqlite_master WHERE type = 'view' AND name = 'priorities'");
  if (views.length === 0) return { priority: 0, trials: new Map() };
  const priorities = all<Row>('SELECT * FROM priorities WHERE sweep_id = ?', sweepId);
  const clones = all<Row>('SELECT * FROM clones WHERE sweep_id = ?', sweepId);
  const ranked = new Map(priorities.map(({ trial_id: id, priority }) => [id, priority]));
  const origins = new Map(clones.map(({ trial_id: id, cloned_from: from }) => [id, from]));
  const ids = [...ranked.keys(), ...origins.keys()].filter((id) => id !== null);
  return {
    priority: ranked.get(null) ?? 0,
    trials: new Map(ids.map((id) => [id, toSteered(ranked.get(id), origins.get(id))])),
  };
}

function toSteered(priority = 0, from: string | null = null): SteeredTrial {
  return { priority, cloned_from: from };
}
