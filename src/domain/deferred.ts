// A promise that is settled from outside, for events that arrive by callback.

/** A promise and what fulfils it. */
export type Deferred<T> = {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
};

/** A promise that is still open. */
export function toDeferred<T>(): Deferred<T> {
  // The executor runs at once, so `resolve` is there before anyone can see it missing.
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
