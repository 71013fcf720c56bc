// The same learning rate at every step.

import { define } from '../definition.ts';
import { openLoop } from '../stretch.ts';

/** `fixed`: the baseline that every other strategy is compared with. */
export const fixed = define({
  about: 'The same learning rate at every step.',
  fields: { lr: { type: { kind: 'number', above: 0 }, findable: true, about: 'Learning rate.' } },
  create: ({ lr }) =>
    openLoop(
      () => null,
      () => lr,
    ),
});
