// Whether there is a terminal to draw on, rather than a pipe, a log or a dumb terminal, and whether it may be in colour.

/** True where the dashboard can be drawn. */
export function canDraw(): boolean {
  const { stdin, stdout, env } = process;
  return stdout.isTTY && stdin.isTTY && env['TERM'] !== 'dumb' && env['CI'] === undefined;
}

/** True where what is printed on `stdout` may be coloured: on a terminal, unless it or the person wants no colour (`NO_COLOR`). */
export function canColour(stdout: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stdout.isTTY === true && env['TERM'] !== 'dumb' && (env['NO_COLOR'] ?? '') === '';
}
