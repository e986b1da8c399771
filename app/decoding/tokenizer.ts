/** Text to token ids and back, and a conversation to the ids of its prompt. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { Message } from "#app/domain/prompt.ts";
import { type ChatTemplate, parseChatTemplate } from "./chat-template.ts";
import { LibraryTokenizer } from "./hugging-face.ts";
import type { TokenizerFiles } from "./tokenizer-files.ts";
import { withUnicodeSplits } from "./unicode-splits.ts";

export type Tokenizer = {
  /** Ids of a text alone: no special tokens are added, but those written out in it are recognised. */
  encode(text: string): readonly number[];
  /** Text of ids, special tokens left out. */
  decode(ids: readonly number[]): string;
  /** Ids of a conversation up to where the answer begins: through the chat template, with one BOS at most. */
  promptIds(messages: readonly Message[]): readonly number[];
  /** Ids of a plain text outside of any conversation, with a BOS where the tokenizer begins texts with one. */
  plainIds(text: string): readonly number[];
  /** Ids of an answer that no policy sampled, ended as the model ends its turn. */
  responseIds(text: string): readonly number[];
  /** Ids after which a response is over. */
  readonly eosIds: ReadonlySet<number>;
};

/** The ids of one conversation, or why the chat template refuses it (a system role, say): it may take others. Other errors are thrown. */
export function idsOrRefusal(promptIds: () => readonly number[]): readonly number[] | ConfigError {
  try {
    return promptIds();
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
    throw thrown;
  }
}

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
const addedTokensSchema = z.looseObject({ added_tokens: z.array(z.looseObject({ id: z.int() })) });
const tableSchema = z.looseObject({ vocab_size: z.int() });

/** Throws ConfigError where the files make no tokenizer: none there, no end-of-text token, a chat template that does not parse. */
export function createTokenizer(files: TokenizerFiles): Tokenizer {
  const config = tokenizerConfigSchema.parse(files.tokenizerConfig ?? {});
  const inner = makeInner(files, config);
  const encode = (text: string): readonly number[] => inner.encode(text, { add_special_tokens: false }).ids;
  const template = compileTemplate(files, config);
  const eosId = config.eos_token == null ? undefined : inner.token_to_id(config.eos_token);
  const turnEndId = (template === undefined ? undefined : turnEndOf(template, config, inner)) ?? eosId;
  const eosIds = new Set([turnEndId, eosId, ...listedEnds(files)].filter((id) => id !== undefined));
  const [endId] = eosIds;
  if (endId === undefined)
    throw new ConfigError("expected an end-of-text token in tokenizer_config.json, generation_config.json or config.json, found none");
  const plainStart = plainStartOf(config, inner);
  const plainIds = (text: string): readonly number[] => {
    const ids = encode(text);
    return plainStart === undefined || ids[0] === plainStart ? ids : [plainStart, ...ids];
  };
  return {
    encode,
    plainIds,
    // The library refuses an empty list.
    decode: (ids) => (ids.length === 0 ? "" : inner.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false })),
    promptIds: (messages) => (template === undefined ? plainIds(plainPrompt(messages)) : encode(render(template, messages, config, true))),
    responseIds: (text) => [...encode(text), endId],
    eosIds,
  };
}

type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

function makeInner(files: TokenizerFiles, config: TokenizerConfig): LibraryTokenizer {
  if (typeof files.tokenizerJson !== "object" || files.tokenizerJson === null)
    throw new ConfigError("expected a tokenizer.json beside the checkpoint, found none");
  try {
    return new LibraryTokenizer(withUnicodeSplits(withinTable(files.tokenizerJson, files.modelConfig)), config);
  } catch (cause) {
    throw new ConfigError(
      `expected a tokenizer.json that can be used, got one that cannot: ${cause instanceof Error ? cause.message : String(cause)}`,
      {},
      { cause },
    );
  }
}

/**
 * Without added tokens that the embedding table has no row for: written out in a text they are ordinary text. Gemma 3's
 * token for pictures is one in its checkpoints of text alone.
 */
function withinTable(tokenizerJson: object, modelConfig: unknown): object {
  const [tokenizer, table] = [addedTokensSchema.safeParse(tokenizerJson), tableSchema.safeParse(modelConfig)];
  if (!tokenizer.success || !table.success) return tokenizerJson;
  const { vocab_size: rows } = table.data;
  return { ...tokenizerJson, added_tokens: tokenizer.data.added_tokens.filter(({ id }) => id < rows) };
}

/** The ids that generation_config.json and config.json call ends. */
function listedEnds(files: TokenizerFiles): readonly number[] {
  return [files.generationConfig, files.modelConfig].flatMap((json) => endsSchema.safeParse(json ?? {}).data?.eos_token_id ?? []);
}

/** The special token that the chat template puts behind an answer; undefined if it puts none there. */
function turnEndOf(template: ChatTemplate, config: TokenizerConfig, inner: LibraryTokenizer): number | undefined {
  const answer = "an-answer-to-find";
  const chat: readonly Message[] = [
    { role: "user", content: "question" },
    { role: "assistant", content: answer },
  ];
  let text: string;
  try {
    text = render(template, chat, config, false);
  } catch {
    // A template may refuse finished conversations; then the end token of the tokenizer is all there is to go by.
    return undefined;
  }
  const at = text.lastIndexOf(answer);
  const [id] = at < 0 ? [] : inner.encode(text.slice(at + answer.length).trimStart(), { add_special_tokens: false }).ids;
  return id !== undefined && inner.get_added_tokens_decoder().get(id)?.special === true ? id : undefined;
}

/** The BOS with which a text without a chat template begins: where the configuration says so, else as the tokenizer does it. */
function plainStartOf(config: TokenizerConfig, inner: LibraryTokenizer): number | undefined {
  const bosId = config.bos_token == null ? undefined : inner.token_to_id(config.bos_token);
  const hasBos = config.add_bos_token ?? inner.encode("a", { add_special_tokens: true }).ids[0] === bosId;
  return hasBos ? bosId : undefined;
}

function compileTemplate(files: TokenizerFiles, config: TokenizerConfig): ChatTemplate | undefined {
  const source = files.chatTemplate ?? defaultTemplate(config.chat_template);
  if (source === undefined) return undefined;
  try {
    return parseChatTemplate(source);
  } catch (cause) {
    throw new ConfigError(
      `expected a chat template in Jinja, got one that does not parse: ${cause instanceof Error ? cause.message : String(cause)}`,
      {},
      { cause },
    );
  }
}

/** A text, or a list of named templates of which the default is used. */
function defaultTemplate(template: unknown): string | undefined {
  if (typeof template === "string") return template;
  const named = z.array(z.looseObject({ name: z.string(), template: z.string() })).safeParse(template);
  return named.success ? named.data.find(({ name }) => name === "default")?.template : undefined;
}

function render(template: ChatTemplate, messages: readonly Message[], config: TokenizerConfig, addGenerationPrompt: boolean): string {
  try {
    return template({
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: addGenerationPrompt,
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
