// Pieces of sentences: counts, lengths of time, lists that are cut off, numbers of trials.

/** `1 epoch`, `2 epochs`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A length of time in its two greatest units. */
export function length(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return both(`${minutes} min`, seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? both(`${hours} h`, minutes % 60, 'min')
    : both(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

/** `a, b and 3 more`: all that are named, and how many there are in all. */
export function list(named: readonly string[], all = named.length): string {
  const more = all - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `#1, #4 and 3 more`. */
export function trials(numbers: readonly number[], all = numbers.length): string {
  return list(
    numbers.map((number) => `#${number}`),
    all,
  );
}

/** `epoch 3`, `epochs 3–5`; `to` is exclusive. */
export function epochs(from: number, to: number): string {
  return to - from === 1 ? `epoch ${from}` : `epochs ${from}–${to - 1}`;
}

/** A number as people compare it. */
export function value(n: number): string {
  return Number.isFinite(n) ? String(Number(n.toPrecision(6))) : String(n);
}

/** The first line of a message, not too long. */
export function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > LINE_MOST ? `${line.slice(0, LINE_MOST - 1)}…` : line;
}

const LINE_MOST = 200;

function both(greater: string, rest: number, unit: string): string {
  return rest === 0 ? greater : `${greater} ${rest} ${unit}`;
}
