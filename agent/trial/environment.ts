// The environment of a trial's process.
// Promise: a trial sees the variables listed here and nothing else of the agent's environment.

const NAMES = new Set(['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH']);
const PREFIXES = ['NVIDIA_', 'CUDA_', 'TF_', 'XLA_'];

/** The variable by which an agent finds processes of its own that outlived their group. */
export const OWNER_VARIABLE = 'ESPALIER_PROCESS';

/** What is particular to one process. */
export type TrialIdentity = {
  /** The GPU's UUID; empty on a CPU slot, which hides every GPU. */
  readonly visibleDevices: string;
  /** `STAGE:ATTEMPT` of the attempt that the process is started for. */
  readonly attempt: string;
  /** `AGENT/PROCESS`, the value of {@link OWNER_VARIABLE}. */
  readonly owner: string;
};

/** The allowed part of `base`, with what is particular to the process. */
export function toTrialEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  identity: TrialIdentity,
): Record<string, string> {
  const allowed = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && isAllowed(entry[0]),
  );
  return {
    ...Object.fromEntries(allowed),
    CUDA_VISIBLE_DEVICES: identity.visibleDevices,
    ESPALIER_ATTEMPT: identity.attempt,
    [OWNER_VARIABLE]: identity.owner,
  };
}

function isAllowed(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}
