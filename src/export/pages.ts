// Rows in pages, so that long work can tell how far it is, be stopped, and let others run.

/** Told after each page how many rows have been written of it. @throws what ends the work */
export type Tick = (rows: number) => Promise<void>;

/** Runs `write` with at most `most` rows at a time. Returns how many there were. */
export async function inPages<T>(
  rows: Iterable<T>,
  most: number,
  tick: Tick,
  write: (page: readonly T[]) => void,
): Promise<number> {
  let [page, count]: [T[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    if (page.length === 0) return;
    write(page);
    count += page.length;
    await tick(page.length);
    page = [];
  };
  for (const row of rows) {
    page.push(row);
    if (page.length === most) await flush();
  }
  await flush();
  return count;
}
