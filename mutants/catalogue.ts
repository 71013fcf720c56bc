// All planted bugs, in the order of the table.

import type { Mutant } from './mutant.ts';
import { ACCESS } from './planted/access.ts';
import { ATTEMPTS } from './planted/attempts.ts';
import { CERTIFICATES } from './planted/certificates.ts';
import { CHECKPOINTS } from './planted/checkpoints.ts';
import { COMMITS } from './planted/commits.ts';
import { FAULTS } from './planted/faults.ts';
import { INPUT } from './planted/input.ts';
import { PROCESSES } from './planted/processes.ts';
import { SHARING } from './planted/sharing.ts';
import { STRATEGIES } from './planted/strategies.ts';

/** Names are unique. */
export const MUTANTS: readonly Mutant[] = [
  ...ATTEMPTS,
  ...COMMITS,
  ...CHECKPOINTS,
  ...PROCESSES,
  ...FAULTS,
  ...SHARING,
  ...STRATEGIES,
  ...INPUT,
  ...ACCESS,
  ...CERTIFICATES,
];
