// Invariants that are looked at in the course of a simulation, where it knows what came before.

/** What the table says of them. */
type Named = { readonly name: string; readonly promises: readonly number[]; readonly says: string };

export const IT_ENDS: Named = {
  name: 'it-ends',
  promises: [6, 10],
  says: 'after the last fault every sweep ends, also with a coordinator that starts again then',
};

export const RESTART_STOPS_NOBODY: Named = {
  name: 'restart-stops-nobody',
  promises: [5],
  says: 'what trains when the coordinator dies trains when it is back',
};

export const TRAINED_ONCE: Named = {
  name: 'trained-once',
  promises: [8],
  says: 'what trials have in common is recorded once, where nobody parts them by pausing or cancelling',
};
