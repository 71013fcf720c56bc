// How many colours the terminal takes, as Node tells it from `NO_COLOR`, `FORCE_COLOR`, `COLORTERM` and `TERM`.

import type { ColourDepth } from '../model.ts';

/** The depth to draw in: none if the person or the terminal wants none, else sixteen or all. */
export function colourDepthOf(
  stdout: Pick<NodeJS.WriteStream, 'getColorDepth'>,
  env: NodeJS.ProcessEnv,
): ColourDepth {
  if ((env['NO_COLOR'] ?? '') !== '') return 'none';
  const bits = stdout.getColorDepth(env);
  if (bits <= 1) return 'none';
  // Inside tmux Node looks no further; tmux takes colours away that its own terminal lacks.
  const says = ['truecolor', '24bit'].includes(env['COLORTERM'] ?? '');
  return bits >= 24 || says ? 'true' : '16';
}
