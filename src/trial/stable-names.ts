// TensorFlow.js numbers what is given no name: `dense_Dense7` is the seventh dense layer of the process, so that a model saved by a
// process that has served others is not byte for byte the one that a new process saves.
// Promise: equal models give equal text, and what belongs together still has one name, so that the library loads it.

/** Renumbers a name that was made for something of this kind. */
type Renumber = (kind: string, number: number) => number;

/** The value as JSON, in which automatic names of each kind count from 1, in the order that they had. */
export function toStableJson(value: unknown): string {
  const seen = new Map<string, Set<number>>();
  rewrite(value, (kind, number) => {
    seen.set(kind, (seen.get(kind) ?? new Set()).add(number));
    return number;
  });
  const ordered = new Map(
    [...seen].map(([kind, numbers]) => [kind, [...numbers].toSorted((a, b) => a - b)]),
  );
  return rewrite(value, (kind, number) => (ordered.get(kind)?.indexOf(number) ?? 0) + 1);
}

function rewrite(value: unknown, renumber: Renumber): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? renumberLayers(renumberRoots(part, renumber), renumber) : part,
  );
}

/** `input3`, `model1` and `sequential_2`, alone or before a slash. */
function renumberRoots(text: string, renumber: Renumber): string {
  return text.replace(
    /^(input|model|sequential_)(\d+)(?=$|\/)/,
    (_, kind: string, number: string) => kind + renumber(kind, Number(number)),
  );
}

/** `max_pooling2d_MaxPooling2D4`, alone or as a part: `forward_gru_GRU1/bias`, `dense_Dense1_input`. */
function renumberLayers(text: string, renumber: Renumber): string {
  return text.replace(
    /_([A-Z][A-Za-z0-9]*?)(\d+)(?=$|[/_])/g,
    (whole, kind: string, number: string, at: number) => {
      const before = text.slice(0, at).replaceAll('_', '');
      // A name that a person chose does not say its class twice.
      return before.endsWith(kind.toLowerCase())
        ? `_${kind}${renumber(kind, Number(number))}`
        : whole;
    },
  );
}
