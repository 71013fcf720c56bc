// A table in Markdown, for the README. Promise: the first column is text, the others are aligned to the right.

/** One line for the heads, one below them, one for each row. */
export function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const [first = '', ...others] = heads;
  const lines = [[first, ...others], ['---', ...others.map(() => '---:')], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
}

/** A whole number with its thousands set apart. */
export function toCount(count: number): string {
  return count.toLocaleString('en');
}
