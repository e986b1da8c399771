/** Text to token ids and back, and a conversation to the ids of its prompt. */
import { Template } from "@huggingface/jinja";
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { TokenizerFiles } from "./tokenizer-files.ts";

export type Tokenizer = {
  /** Ids of a text alone: no special tokens are added, but those written out in it are recognised. */
  encode(text: string): readonly number[];
  /** Text of ids, special tokens left out. */
  decode(ids: readonly number[]): string;
  /** Ids of a conversation up to where the answer begins: through the chat template, with one BOS at most. */
  promptIds(messages: readonly Message[]): readonly number[];
  /** Ids of an answer that no policy sampled, ended as the model ends its turn. */
  responseIds(text: string): readonly number[];
  /** Ids after which a response is over. */
  readonly eosIds: ReadonlySet<number>;
};

/** A token as tokenizer_config.json writes it: its text, or an object with it. */
const tokenText = z.union([z.string(), z.looseObject({ content: z.string() }).transform((token) => token.content)]).nullish();
const idList = z.union([z.int().transform((id) => [id]), z.array(z.int())]).nullish();

const tokenizerConfigSchema = z.looseObject({
  bos_token: tokenText,
  eos_token: tokenText,
  pad_token: tokenText,
  unk_token: tokenText,
  add_bos_token: z.boolean().nullish(),
  chat_template: z.unknown().optional(),
});
const endsSchema = z.looseObject({ eos_token_id: idList });

/** Throws ConfigError where the files make no tokenizer: none there, no end-of-text token, a chat template that does not parse. */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const config = tokenizerConfigSchema.parse(files.tokenizerConfig ?? {});
  const inner = makeInner(files, config);
  const encode = (text: string): readonly number[] => inner.encode(text, { add_special_tokens: false }).ids;
  const eosIds = endIds(files, config, inner);
  const [eosId] = eosIds;
  if (eosId === undefined) throw new ConfigError("expected an end-of-text token in tokenizer_config.json, generation_config.json or config.json, found none");
  const bosId = config.bos_token == null ? undefined : inner.token_to_id(config.bos_token);
  const template = compileTemplate(files, config);
  return {
    encode,
    // The library refuses an empty list.
    decode: (ids) => (ids.length === 0 ? "" : inner.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false })),
    promptIds: (messages) => {
      if (template !== undefined) return encode(render(template, messages, config));
      const ids = encode(plainPrompt(messages));
      return config.add_bos_token === true && bosId !== undefined && ids[0] !== bosId ? [bosId, ...ids] : ids;
    },
    responseIds: (text) => [...encode(text), turnEnd(eosIds, config, inner) ?? eosId],
    eosIds,
  };
}

type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

function makeInner(files: TokenizerFiles, config: TokenizerConfig): HuggingFaceTokenizer {
  if (typeof files.tokenizerJson !== "object" || files.tokenizerJson === null) throw new ConfigError("expected a tokenizer.json beside the checkpoint, found none");
  try {
    return new HuggingFaceTokenizer(files.tokenizerJson, config);
  } catch (cause) {
    throw new ConfigError(`expected a tokenizer.json that can be used, got one that cannot: ${cause instanceof Error ? cause.message : String(cause)}`, {}, { cause });
  }
}

/** All ids that end a text according to any of the files. */
function endIds(files: TokenizerFiles, config: TokenizerConfig, inner: HuggingFaceTokenizer): ReadonlySet<number> {
  const listed = [files.generationConfig, files.modelConfig].flatMap((json) => endsSchema.safeParse(json ?? {}).data?.eos_token_id ?? []);
  const named = config.eos_token == null ? undefined : inner.token_to_id(config.eos_token);
  return new Set([...(named === undefined ? [] : [named]), ...listed]);
}

/** How the model ends its own turn: the tokenizer's end token. */
function turnEnd(eosIds: ReadonlySet<number>, config: TokenizerConfig, inner: HuggingFaceTokenizer): number | undefined {
  const id = config.eos_token == null ? undefined : inner.token_to_id(config.eos_token);
  return id !== undefined && eosIds.has(id) ? id : undefined;
}

function compileTemplate(files: TokenizerFiles, config: TokenizerConfig): Template | undefined {
  const source = files.chatTemplate ?? defaultTemplate(config.chat_template);
  if (source === undefined) return undefined;
  try {
    return new Template(source);
  } catch (cause) {
    throw new ConfigError(`expected a chat template in Jinja, got one that does not parse: ${cause instanceof Error ? cause.message : String(cause)}`, {}, { cause });
  }
}

/** A text, or a list of named templates of which the default is used. */
function defaultTemplate(template: unknown): string | undefined {
  if (typeof template === "string") return template;
  const named = z.array(z.looseObject({ name: z.string(), template: z.string() })).safeParse(template);
  return named.success ? named.data.find(({ name }) => name === "default")?.template : undefined;
}

function render(template: Template, messages: readonly Message[], config: TokenizerConfig): string {
  try {
    return template.render({
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: true,
      bos_token: config.bos_token ?? "",
      eos_token: config.eos_token ?? "",
      pad_token: config.pad_token ?? "",
      unk_token: config.unk_token ?? "",
    });
  } catch (cause) {
    throw new ConfigError(`the chat template refused the conversation: ${cause instanceof Error ? cause.message : String(cause)}`, {}, { cause });
  }
}

/** For models without a chat template: the messages' texts, with a blank line between them and at the end. */
function plainPrompt(messages: readonly Message[]): string {
  return messages.map(({ content }) => `${content}\n\n`).join("");
}
