/** A checkpoint's tokenizer and chat template as a GGUF file's metadata. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import { exportWords } from "#app/text/exports.ts";
import { preTokenizerName } from "../gguf-pre-tokenizers.ts";
import { addsSpace, scoresFromMerges, SPACE } from "../gguf-spm.ts";
import { TOKEN_TYPES } from "../gguf-tokenizer.ts";
import type { GgufValue } from "./gguf-header.ts";

const mergeSchema = z.union([
  z.tuple([z.string(), z.string()]),
  // The older spelling: both halves in one text; neither holds a space.
  z.string().transform((pair): [string, string] => {
    const at = pair.indexOf(" ", 1);
    return [pair.slice(0, at), pair.slice(at + 1)];
  }),
]);

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean() })).default([]),
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  post_processor: z.unknown().optional(),
  model: z.looseObject({
    type: z.literal("BPE"),
    unk_token: z.string().nullish(),
    byte_fallback: z.boolean().default(false),
    ignore_merges: z.boolean().default(false),
    vocab: z.record(z.string(), z.int()),
    merges: z.array(mergeSchema),
  }),
});

const tokenText = z.union([z.string(), z.looseObject({ content: z.string() }).transform((token) => token.content)]).nullish();
const configSchema = z.looseObject({ bos_token: tokenText, eos_token: tokenText, pad_token: tokenText, add_bos_token: z.boolean().nullish() });

type TokenizerJson = z.infer<typeof tokenizerSchema>;
type Entries = readonly (readonly [string, GgufValue])[];

/** Throws ConfigError for a tokenizer that llama.cpp has no name for. */
export function tokenizerEntries(files: TokenizerFiles, vocabularySize: number): Entries {
  const parsed = tokenizerSchema.safeParse(files.tokenizerJson);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(exportWords.needsBpe(issue?.path.join(".") ?? "", issue?.message));
  }
  const tokenizer = parsed.data;
  const config = configSchema.parse(files.tokenizerConfig ?? {});
  const { tokens, types } = vocabularyOf(tokenizer, vocabularySize);
  const id = (token: string | null | undefined): number | undefined => (token == null || !tokens.includes(token) ? undefined : tokens.indexOf(token));
  const [bos, eos, pad] = [id(config.bos_token), id(config.eos_token), id(config.pad_token)];
  const addsBos =
    config.add_bos_token ?? (config.bos_token != null && JSON.stringify(tokenizer.post_processor ?? null).includes(JSON.stringify(config.bos_token)));
  return [
    ...kindEntries(tokenizer, tokens),
    ["tokenizer.ggml.tokens", { type: "strings", value: tokens }],
    ["tokenizer.ggml.token_type", { type: "int32s", value: types }],
    ...idEntry("tokenizer.ggml.bos_token_id", bos),
    ...idEntry("tokenizer.ggml.eos_token_id", eos),
    ...idEntry("tokenizer.ggml.padding_token_id", pad),
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: addsBos }],
    ...(files.chatTemplate === undefined ? [] : [["tokenizer.chat_template", { type: "string", value: files.chatTemplate }] as const]),
  ];
}

function idEntry(key: string, id: number | undefined): Entries {
  return id === undefined ? [] : [[key, { type: "uint32", value: id }]];
}

/** Tokens by id; ids that nothing has are filled, as llama.cpp wants as many tokens as the table of embeddings has rows. */
function vocabularyOf(tokenizer: TokenizerJson, size: number): { readonly tokens: readonly string[]; readonly types: readonly number[] } {
  const { model } = tokenizer;
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = new Array<number>(size).fill(TOKEN_TYPES.unused);
  const put = (id: number, token: string, type: number): void => {
    if (id >= size) throw new ConfigError(exportWords.tokenOutside(size, JSON.stringify(token), id));
    tokens[id] = token;
    types[id] = type;
  };
  for (const [token, id] of Object.entries(model.vocab)) put(id, token, normalType(model, token));
  for (const { id, content, special } of tokenizer.added_tokens) {
    // Left out, as llama.cpp's converter does: Gemma 3's token for pictures has no row in its checkpoints of text alone.
    if (id >= size) continue;
    const isUnknown = content === model.unk_token && model.byte_fallback;
    if (isUnknown || special) put(id, content, isUnknown ? TOKEN_TYPES.unknown : TOKEN_TYPES.control);
    // llama.cpp looks for such tokens in the text as it was written, where spaces are spaces.
    else put(id, model.byte_fallback ? content.replaceAll(SPACE, " ") : content, TOKEN_TYPES.userDefined);
  }
  return { tokens, types };
}

function normalType({ byte_fallback: hasBytes, unk_token: unknown }: TokenizerJson["model"], token: string): number {
  if (hasBytes && token === unknown) return TOKEN_TYPES.unknown;
  return hasBytes && /^<0x[0-9A-F]{2}>$/.test(token) ? TOKEN_TYPES.byte : TOKEN_TYPES.normal;
}

function kindEntries({ model, normalizer, pre_tokenizer: preTokenizer }: TokenizerJson, tokens: readonly string[]): Entries {
  if (model.byte_fallback) {
    return [
      ["tokenizer.ggml.model", { type: "string", value: "llama" }],
      ["tokenizer.ggml.pre", { type: "string", value: "default" }],
      ["tokenizer.ggml.scores", { type: "float32s", value: scoresFromMerges(tokens, model.merges) }],
      ["tokenizer.ggml.add_space_prefix", { type: "bool", value: addsSpace(normalizer, preTokenizer) }],
    ];
  }
  const name = preTokenizerName(preTokenizer, model.ignore_merges);
  if (name === undefined) throw new ConfigError(exportWords.preTokenizer(JSON.stringify(preTokenizer).slice(0, 200)));
  return [
    ["tokenizer.ggml.model", { type: "string", value: "gpt2" }],
    ["tokenizer.ggml.pre", { type: "string", value: name }],
    ["tokenizer.ggml.merges", { type: "strings", value: model.merges.map(([left, right]) => `${left} ${right}`) }],
  ];
}
