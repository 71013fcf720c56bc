// Whether there is a terminal to draw on, rather than a pipe, a log or a dumb terminal.

/** True where the dashboard can be drawn. */
export function canDraw(): boolean {
  const { stdin, stdout, env } = process;
  return stdout.isTTY && stdin.isTTY && env['TERM'] !== 'dumb' && env['CI'] === undefined;
}
