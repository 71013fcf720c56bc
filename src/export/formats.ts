// What a sweep can be written as, for the command line to know before anything else is loaded.

/** Names of formats. */
export const FORMATS = ['csv', 'jsonl', 'parquet', 'tensorboard', 'optuna'] as const;

/** One of them. */
export type Format = (typeof FORMATS)[number];
