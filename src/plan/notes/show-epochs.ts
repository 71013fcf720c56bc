// Lengths and numbers as remarks show them: four digits at most.

/** So many epochs, in words. */
export function showEpochs(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${toShort(epochs)} epochs`;
}

/** A number with four significant digits at most. */
export function toShort(value: number): string {
  return String(Number(value.toPrecision(4)));
}
