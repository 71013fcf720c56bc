// The binary format of WebAssembly, as much of it as a module of straight loops over an imported memory needs.
// Promise: bytes in, bytes out; nothing here knows tensors. Source: the WebAssembly specification, release 2.0, chapter 5 (binary format).

/** Types of values. */
export const VALUE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** The instructions that the loops use. */
export const OP = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  branch: [0x0c],
  branchIf: [0x0d],
  getLocal: [0x20],
  setLocal: [0x21],
  constI32: [0x41],
  equalsZeroI32: [0x45],
  lessI32: [0x49],
  addI32: [0x6a],
  subI32: [0x6b],
} as const;

/** A function of a module: its parameters and locals by type, and its instructions. */
export type WasmFunction = {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly locals: readonly number[];
  readonly body: readonly number[];
};

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** A small constant, 0 to 63, as an instruction (beyond that LEB128 would read the sign). */
export function constant(value: number): number[] {
  return [...OP.constI32, value];
}

/** A module that imports the memory `host.memory` and exports `functions`. */
export function toModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const signatures = functions.map((f) => [0x60, ...vector(f.parameters.map((type) => [type])), 0]);
  const importMemory = [...text('host'), ...text('memory'), 0x02, 0x00, ...unsigned(1)];
  const exports = functions.map((f, index) => [...text(f.name), 0x00, ...unsigned(index)]);
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, vector(signatures)),
    ...section(2, vector([importMemory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exports)),
    ...section(10, vector(functions.map(toCode))),
  ]);
}

function toCode(f: WasmFunction): number[] {
  const locals = vector(f.locals.map((type) => [1, type]));
  const code = [...locals, ...f.body, ...OP.end];
  return [...unsigned(code.length), ...code];
}

function section(id: number, contents: readonly number[]): number[] {
  return [id, ...unsigned(contents.length), ...contents];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}
