// A promise that is settled from outside, for events that arrive by callback.

/** A promise and what settles it; the first call counts. */
export type Deferred<T> = {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
};

/** A promise that is still open. */
export function toDeferred<T>(): Deferred<T> {
  // The executor runs at once, so both are there before anyone can see them missing.
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
