/** The head of a GGUF file, version 3: metadata and the list of tensors. */

export type GgufValue =
  | { readonly type: "uint32" | "int32" | "float32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "int32s" | "float32s"; readonly value: readonly number[] };

export type GgufMetadata = ReadonlyMap<string, GgufValue>;

export type GgufTensorPlan = {
  readonly name: string;
  /** Rows first; the file has it the other way round. */
  readonly shape: readonly number[];
  readonly type: number;
  readonly bytes: number;
};

/** Tensors begin at multiples of this. */
export const ALIGNMENT = 32;

const TYPE_NUMBERS = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

export function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** All that comes before the first tensor's bytes, padded to where they begin. */
export function encodeGgufHeader(metadata: GgufMetadata, tensors: readonly GgufTensorPlan[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from("GGUF"), uint32(3), uint64(tensors.length), uint64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), ...encodeValue(value));
  let offset = 0;
  for (const { name, shape, type, bytes } of tensors) {
    parts.push(text(name), uint32(shape.length), ...shape.toReversed().map(uint64), uint32(type), uint64(offset));
    offset += padded(bytes);
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  parts.push(Buffer.alloc(padded(length) - length));
  return Buffer.concat(parts);
}

function encodeValue(entry: GgufValue): readonly Buffer[] {
  switch (entry.type) {
    case "uint32":
      return [uint32(TYPE_NUMBERS.uint32), uint32(entry.value)];
    case "int32":
      return [uint32(TYPE_NUMBERS.int32), int32(entry.value)];
    case "float32":
      return [uint32(TYPE_NUMBERS.float32), float32(entry.value)];
    case "bool":
      return [uint32(TYPE_NUMBERS.bool), Buffer.of(entry.value ? 1 : 0)];
    case "string":
      return [uint32(TYPE_NUMBERS.string), text(entry.value)];
    case "strings":
      return [...arrayHead(TYPE_NUMBERS.string, entry.value.length), ...entry.value.map(text)];
    case "int32s":
      return [...arrayHead(TYPE_NUMBERS.int32, entry.value.length), ...entry.value.map(int32)];
    case "float32s":
      return [...arrayHead(TYPE_NUMBERS.float32, entry.value.length), ...entry.value.map(float32)];
    default:
      return entry satisfies never;
  }
}

function arrayHead(type: number, length: number): readonly Buffer[] {
  return [uint32(TYPE_NUMBERS.array), uint32(type), uint64(length)];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}
