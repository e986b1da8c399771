/** SmolLM2's GGUF: weights, tokens and prompts against Transformers and Hugging Face's tokenizers (make-smollm2.py). */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { createTokenizer, type Tokenizer } from "#app/decoding/tokenizer.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { TensorLocation } from "#app/graph/types.ts";
import { openCheckpoint, type OpenCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { describeWithSmolLm2, smolLm2CacheDir } from "#tests/support/smollm2.ts";

type Golden = {
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[]; readonly decoded: string }[];
  readonly chats: readonly {
    readonly messages: readonly Message[];
    readonly ids: readonly number[];
    readonly greedyIds: readonly number[];
    readonly greedyText: string;
  }[];
  readonly tensorHashes: Readonly<Record<string, string>>;
};
const golden = JSON.parse(readFileSync(new URL("../../../golden/checkpoints/smollm2.json", import.meta.url), "utf8")) as Golden;

describeWithSmolLm2("SmolLM2-135M-Instruct as GGUF", (path) => {
  let checkpoint: OpenCheckpoint;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    checkpoint = await openCheckpoint(path, { cacheDir: smolLm2CacheDir() });
    tokenizer = createTokenizer(checkpoint.tokenizerFiles);
  });

  it("has every weight that Transformers reads from it, to the bit", async () => {
    const hashes: [string, string][] = [];
    for (const [name, location] of checkpoint.tensors) hashes.push([name, await hashOf(location)]);
    expect(Object.fromEntries(hashes)).toEqual(golden.tensorHashes);
    expect(checkpoint.record.parameterCount).toBe(134_515_008);
  });

  it.each(golden.texts)("gives the token ids of $text", ({ text, ids, decoded }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    if (!decoded.includes("<|")) expect(tokenizer.decode(ids)).toBe(decoded);
  });

  it.each(golden.chats)("writes the prompt of chat %# as its template says, and reads its answer", ({ messages, ids, greedyIds, greedyText }) => {
    expect(tokenizer.promptIds(messages)).toEqual(ids);
    expect(tokenizer.decode(greedyIds)).toBe(greedyText);
  });

  it("ends with the turn", () => {
    expect([...tokenizer.eosIds]).toEqual([2]);
    expect(tokenizer.responseIds("Paris.").at(-1)).toBe(2);
  });
});

async function hashOf({ path, offset, length }: TensorLocation): Promise<string> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, offset);
    return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  } finally {
    await file.close();
  }
}
