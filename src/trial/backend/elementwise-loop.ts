// A formula over streams of float32 numbers, compiled into one WebAssembly loop, four elements at a time.
// Promise: each operation of the formula is one IEEE operation rounded to float32, in the order written; nothing is fused, reassociated or kept in
// a wider type. So the result is, bit for bit, what a kernel for each operation would have given, and reruns agree.

import type { WasmFunction } from './wasm-bytes.ts';
import { OP, VALUE, constant, unsigned } from './wasm-bytes.ts';

/** A formula for one element. The same object used twice is computed once. */
export type Formula =
  | { readonly kind: 'stream'; readonly name: string }
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: Unary; readonly of: Formula }
  | { readonly kind: Binary; readonly left: Formula; readonly right: Formula };

type Unary = 'sqrt' | 'abs';
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'max';

/** The element of the stream `name`. */
export const stream = (name: string): Formula => ({ kind: 'stream', name });
/** The number `name`, the same for all elements. */
export const scalar = (name: string): Formula => ({ kind: 'scalar', name });
/** left + right */
export const add = (left: Formula, right: Formula): Formula => ({ kind: 'add', left, right });
/** left - right */
export const sub = (left: Formula, right: Formula): Formula => ({ kind: 'sub', left, right });
/** left * right */
export const mul = (left: Formula, right: Formula): Formula => ({ kind: 'mul', left, right });
/** left / right */
export const div = (left: Formula, right: Formula): Formula => ({ kind: 'div', left, right });
/** The larger of the two; NaN where either is. */
export const max = (left: Formula, right: Formula): Formula => ({ kind: 'max', left, right });
/** The square root. */
export const sqrt = (of: Formula): Formula => ({ kind: 'sqrt', of });
/** The absolute value. */
export const abs = (of: Formula): Formula => ({ kind: 'abs', of });

/** A loop: which streams and scalars it takes, in this order, and what it writes to which stream. */
export type ElementwiseLoop = {
  readonly name: string;
  readonly streams: readonly string[];
  readonly scalars: readonly string[];
  readonly stores: Readonly<Record<string, Formula>>;
};

type Width = {
  readonly type: number;
  readonly lanes: number;
  readonly load: readonly number[];
  readonly store: readonly number[];
  readonly splat: readonly number[];
  readonly operation: Readonly<Record<Unary | Binary, readonly number[]>>;
};

const SIMD = 0xfd;

const FOUR: Width = {
  type: VALUE.v128,
  lanes: 4,
  load: [SIMD, 0x00, 2, 0],
  store: [SIMD, 0x0b, 2, 0],
  splat: [SIMD, 0x13],
  operation: {
    abs: [SIMD, ...unsigned(0xe0)],
    sqrt: [SIMD, ...unsigned(0xe3)],
    add: [SIMD, ...unsigned(0xe4)],
    sub: [SIMD, ...unsigned(0xe5)],
    mul: [SIMD, ...unsigned(0xe6)],
    div: [SIMD, ...unsigned(0xe7)],
    max: [SIMD, ...unsigned(0xe9)],
  },
};

const ONE: Width = {
  type: VALUE.f32,
  lanes: 1,
  load: [0x2a, 2, 0],
  store: [0x38, 2, 0],
  splat: [],
  operation: {
    abs: [0x8b],
    sqrt: [0x91],
    add: [0x92],
    sub: [0x93],
    mul: [0x94],
    div: [0x95],
    max: [0x97],
  },
};

/**
 * `loop` as a function of a module: the byte address of each stream (i32), each scalar (f32), the number of elements (i32).
 * A stream may be stored to and read, or lie at the same address as another: an element is read before it is written.
 */
export function toFunction(loop: ElementwiseLoop): WasmFunction {
  const locals: number[] = [];
  const parameters = [
    ...loop.streams.map(() => VALUE.i32),
    ...loop.scalars.map(() => VALUE.f32),
    VALUE.i32,
  ];
  const allocate = (type: number): number => parameters.length + locals.push(type) - 1;
  return {
    name: loop.name,
    parameters,
    body: [...pass(loop, FOUR, allocate), ...pass(loop, ONE, allocate)],
    locals,
  };
}

/** Runs over as many elements as there are whole groups of `width.lanes`, and leaves the addresses and the count at the rest. */
function pass(loop: ElementwiseLoop, width: Width, allocate: (type: number) => number): number[] {
  const count = loop.streams.length + loop.scalars.length;
  const code = new Map<Formula, number>();
  const evaluate = Object.values(loop.stores).flatMap((formula) =>
    compute(formula, loop, width, code, allocate),
  );
  const store = Object.entries(loop.stores).flatMap(([name, formula]) => [
    ...get(loop.streams.indexOf(name)),
    ...get(code.get(formula)!),
    ...width.store,
  ]);
  return [
    ...OP.block,
    ...OP.loop,
    ...get(count),
    ...constant(width.lanes),
    ...OP.lessI32,
    ...OP.branchIf,
    1,
    ...evaluate,
    ...store,
    ...loop.streams.flatMap((_, index) => move(index, OP.addI32, 4 * width.lanes)),
    ...move(count, OP.subI32, width.lanes),
    ...OP.branch,
    0,
    ...OP.end,
    ...OP.end,
  ];
}

/** Instructions that leave the value of `formula` in a local, which `done` then names; none if it is there already. */
function compute(
  formula: Formula,
  loop: ElementwiseLoop,
  width: Width,
  done: Map<Formula, number>,
  allocate: (type: number) => number,
): number[] {
  if (done.has(formula)) return [];
  const visit = (part: Formula): number[] => compute(part, loop, width, done, allocate);
  const into = (instructions: readonly number[]): number[] => {
    const local = allocate(width.type);
    done.set(formula, local);
    return [...instructions, ...OP.setLocal, ...unsigned(local)];
  };
  switch (formula.kind) {
    case 'stream':
      return into([...get(loop.streams.indexOf(formula.name)), ...width.load]);
    case 'scalar':
      return into([
        ...get(loop.streams.length + loop.scalars.indexOf(formula.name)),
        ...width.splat,
      ]);
    case 'sqrt':
    case 'abs':
      return [
        ...visit(formula.of),
        ...into([...get(done.get(formula.of)!), ...width.operation[formula.kind]]),
      ];
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'max':
      return [
        ...visit(formula.left),
        ...visit(formula.right),
        ...into([
          ...get(done.get(formula.left)!),
          ...get(done.get(formula.right)!),
          ...width.operation[formula.kind],
        ]),
      ];
  }
}

function get(local: number): number[] {
  return [...OP.getLocal, ...unsigned(local)];
}

function move(local: number, operation: readonly number[], by: number): number[] {
  return [...get(local), ...constant(by), ...operation, ...OP.setLocal, ...unsigned(local)];
}
