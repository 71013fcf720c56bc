import { describe, expect, it } from 'vitest';
import { formatProblems, type Problem } from '../../src/spec/problem.ts';

const at = (line: number, column: number, changes: Partial<Problem> = {}): Problem => ({
  file: 'sweep.yaml',
  line,
  column,
  path: 'epochs',
  message: 'received 0; it must be above 0',
  ...changes,
});

describe('a problem as people see it', () => {
  it('has its place, its path, the line and a caret', () => {
    expect(formatProblems([at(2, 9)], 'name: a\nepochs: 0\n')).toBe(
      [
        'sweep.yaml:2:9: epochs: received 0; it must be above 0',
        '  2 | epochs: 0',
        '    |         ^',
      ].join('\n'),
    );
  });

  it('keeps the caret below its column where line numbers are longer', () => {
    const text = `${'\n'.repeat(99)}epochs: 0`;
    expect(formatProblems([at(100, 9, { path: '' })], text)).toBe(
      [
        'sweep.yaml:100:9: received 0; it must be above 0',
        '  100 | epochs: 0',
        '      |         ^',
      ].join('\n'),
    );
  });

  it('is followed by an empty line and the next one', () => {
    expect(formatProblems([at(1, 1), at(9, 1)], '\n').split('\n\n').length).toBe(2);
  });

  it('shows the stretch of a long line that matters', () => {
    const line = `${'a'.repeat(60_000)}#${'b'.repeat(5_000)}`;
    const [, shown, caret] = formatProblems([at(1, 60_001)], line).split('\n');
    expect(shown?.length).toBeLessThan(140);
    expect(shown?.[caret?.indexOf('^') ?? 0]).toBe('#');
  });

  it('shows tabs as one column and control characters as none', () => {
    const shown = formatProblems([at(1, 4)], '\t\u{1B}[0\u{202E}1\r\n').split('\n');
    expect(shown.slice(1)).toEqual(['  1 |  \u{FFFD}[0\u{FFFD}1', '    |    ^']);
  });

  it('lets no control characters of a path through', () => {
    const problem = at(1, 1, { path: 'config.\u{1B}[2J' });
    expect(formatProblems([problem], 'x')).toContain('config.\u{FFFD}[2J: ');
  });
});
