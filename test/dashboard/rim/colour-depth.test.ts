import { WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { colourDepthOf } from '../../../src/dashboard/rim/colour-depth.ts';

const terminal = { getColorDepth: WriteStream.prototype.getColorDepth };

test.each<readonly [env: NodeJS.ProcessEnv, depth: string]>([
  [{ TERM: 'xterm', NO_COLOR: '1' }, 'none'],
  [{ TERM: 'dumb' }, 'none'],
  [{ TERM: 'xterm-256color' }, '16'],
  [{ TERM: 'linux' }, '16'],
  [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'true'],
  [{ TERM: 'screen-256color', TMUX: '/tmp/tmux', COLORTERM: 'truecolor' }, 'true'],
  [{ TERM: 'screen-256color', TMUX: '/tmp/tmux' }, '16'],
])('in the environment %o the depth is %s', (env, depth) => {
  expect(colourDepthOf(terminal, env)).toBe(depth);
});
