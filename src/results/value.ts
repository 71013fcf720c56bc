// What queries answer with, and what they are asked with.

/** A value of a query. */
export type Value = string | number | bigint | null | Buffer;

/** Values for the parameters of a query, `:name`, `@name` or `$name`, by their names. */
export type Parameters = Readonly<Record<string, string | number | null>>;
