// Numbers as SQLite can hold them: NaN would become NULL, so each is a kind and, where finite, a value.

export type NumberKind = 'finite' | 'nan' | '+inf' | '-inf';

/** A number as two columns. */
export type StoredNumber = { readonly kind: NumberKind; readonly value: number | null };

/** Total: every double has a stored form. */
export function toStored(value: number): StoredNumber {
  if (Number.isFinite(value)) return { kind: 'finite', value };
  if (Number.isNaN(value)) return { kind: 'nan', value: null };
  return { kind: value > 0 ? '+inf' : '-inf', value: null };
}

/** The number that {@link toStored} was given. */
export function fromStored(stored: StoredNumber): number {
  switch (stored.kind) {
    case 'finite':
      return stored.value ?? Number.NaN;
    case 'nan':
      return Number.NaN;
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
  }
}
