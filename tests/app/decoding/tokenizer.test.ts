/** Token ids against Transformers' AutoTokenizer (tests/golden/checkpoints/make-tiny-model.py), prompts, ends of text. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError } from "#app/base/errors.ts";
import { createTokenizer, type Tokenizer } from "#app/decoding/tokenizer.ts";
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import type { Message } from "#app/domain/prompt.ts";
import { fingerprintOf, longLines } from "#tests/support/long-lines.ts";
import { TINY_CHAT_TEMPLATE, TINY_VOCABULARY, tinyTokenizer, TURN_END, TURN_START } from "#main/engine/checkpoints/tiny-tokenizer.ts";
import { fc } from "#tests/support/properties.ts";

type Golden = {
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[]; readonly decoded: string }[];
  readonly chats: readonly { readonly messages: readonly Message[]; readonly ids: readonly number[] }[];
  readonly eosId: number;
};
const golden = JSON.parse(readFileSync(new URL("../../golden/checkpoints/tiny-model.json", import.meta.url), "utf8")) as Golden;

/** Made by make-splits.py: a vocabulary whose merges reach across words and digits, so that every split shows. */
type Splits = {
  readonly texts: readonly string[];
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly string[])[];
  readonly cases: readonly { readonly name: string; readonly preTokenizer: object; readonly ids: readonly (readonly number[])[] }[];
};
const splits = JSON.parse(readFileSync(new URL("../../golden/checkpoints/splits.json", import.meta.url), "utf8")) as Splits;

const START = TINY_VOCABULARY.indexOf(TURN_START);
const END = TINY_VOCABULARY.indexOf(TURN_END);
const HELLO: readonly Message[] = [{ role: "user", content: "hello" }];

function filesWith(changes: Partial<TokenizerFiles>, config: Readonly<Record<string, unknown>> = {}): TokenizerFiles {
  return { tokenizerJson: tinyTokenizer(), tokenizerConfig: { eos_token: TURN_END, ...config }, ...changes };
}

/** Any but the surrogates, which stand for no character alone. */
const codePoint = fc.integer({ min: 0, max: 0x10ffff - 0x800 }).map((n) => (n < 0xd800 ? n : n + 0x800));

const tiny = createTokenizer(filesWith({ chatTemplate: TINY_CHAT_TEMPLATE }));

describe("token ids", () => {
  it.each(golden.texts)("of $text are Transformers'", ({ text, ids, decoded }) => {
    expect(tiny.encode(text)).toEqual(ids);
    expect(tiny.decode(ids)).toBe(decoded);
  });

  it("decode to the text they came from", () => {
    fc.assert(
      fc.property(
        fc.array(codePoint, { maxLength: 40 }).map((points) => String.fromCodePoint(...points)),
        (text) => {
          expect(tiny.decode(tiny.encode(text))).toBe(text);
        },
      ),
    );
  });

  // The other kinds of megabytes, and SmolLM2's tokenizer, are in tests/long.
  it.each(longLines.filter(({ name }) => name === "prose" || name === "special tokens"))(
    "of a megabyte of $name in one line are Hugging Face's too",
    ({ text, tiny: expected }) => {
      expect(fingerprintOf(tiny.encode(text))).toEqual(expected);
    },
  );

  it("of an added token that the model has no row for are those of its text", () => {
    const content = "<image_soft_token>";
    const tokenizerJson = tinyTokenizer() as { readonly added_tokens: readonly object[] };
    const beyond = { ...tokenizerJson.added_tokens[0], content, id: TINY_VOCABULARY.length };
    const files = filesWith({ tokenizerJson: { ...tokenizerJson, added_tokens: [...tokenizerJson.added_tokens, beyond] } });
    const withRows = (rows: number): Tokenizer => createTokenizer({ ...files, modelConfig: { vocab_size: rows } });
    expect(withRows(TINY_VOCABULARY.length + 1).encode(content)).toEqual([TINY_VOCABULARY.length]);
    expect(withRows(TINY_VOCABULARY.length).encode(`${TURN_START}${content}`)).toEqual([START, ...tiny.encode(content)]);
  });

  it("of nothing are none, and nothing is their text", () => {
    expect(tiny.encode("")).toEqual([]);
    expect(tiny.decode([])).toBe("");
  });

  it("of an unfinished character decode to a replacement, never to an error", () => {
    const [first = 0, ...rest] = tiny.encode("é");
    expect(rest).toHaveLength(1);
    expect(tiny.decode([first])).toBe("\ufffd");
  });

  describe.each(splits.cases)("under $name", ({ preTokenizer, ids }) => {
    const vocab = Object.fromEntries([...splits.tokens, TURN_END].map((token, id) => [token, id]));
    const tokenizerJson = {
      ...(tinyTokenizer() as object),
      added_tokens: [],
      pre_tokenizer: preTokenizer,
      model: { type: "BPE", vocab, merges: splits.merges },
    };
    const tokenizer = createTokenizer(filesWith({ tokenizerJson }));

    it.each(splits.texts.map((text, i) => [text, ids[i] ?? []] as const))("of %j are those of Hugging Face's own tokenizers", (text, expected) => {
      expect(tokenizer.encode(text)).toEqual(expected);
      expect(tokenizer.decode(expected)).toBe(text);
    });
  });
});

describe("prompts", () => {
  it.each(golden.chats)("are what apply_chat_template makes (%#)", ({ messages, ids }) => {
    expect(tiny.promptIds(messages)).toEqual(ids);
  });

  it("hold the BOS once where the template writes it, also if the tokenizer would add it", () => {
    const chatTemplate = `{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}`;
    const tokenizer = createTokenizer(filesWith({ chatTemplate }, { bos_token: TURN_START, add_bos_token: true }));
    expect(tokenizer.promptIds(HELLO).filter((id) => id === START)).toEqual([START]);
  });

  it("without a template are the plain texts, after a BOS where the tokenizer starts with one, but never two", () => {
    const withBos = createTokenizer(filesWith({}, { bos_token: TURN_START, add_bos_token: true }));
    expect(withBos.promptIds(HELLO)).toEqual([START, ...tiny.encode("hello\n\n")]);
    expect(withBos.promptIds([{ role: "user", content: `${TURN_START}hello` }])).toEqual([START, ...tiny.encode("hello\n\n")]);
    expect(createTokenizer(filesWith({}, { bos_token: TURN_START })).promptIds(HELLO)).toEqual(tiny.encode("hello\n\n"));
  });

  it("without a template take the BOS that tokenizer.json puts before every text", () => {
    const single = [{ SpecialToken: { id: TURN_START, type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }];
    const special = { [TURN_START]: { id: TURN_START, ids: [START], tokens: [TURN_START] } };
    const tokenizerJson = {
      ...(tinyTokenizer() as object),
      post_processor: { type: "TemplateProcessing", single, pair: single, special_tokens: special },
    };
    const tokenizer = createTokenizer(filesWith({ tokenizerJson }, { bos_token: { content: TURN_START } }));
    expect(tokenizer.promptIds(HELLO)).toEqual([START, ...tiny.encode("hello\n\n")]);
    expect(tokenizer.encode("hello")).toEqual(tiny.encode("hello"));
  });

  it("do not depend on the day", () => {
    const chatTemplate = "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% else %}26 Jul 2024{% endif %}";
    const tokenizer = createTokenizer(filesWith({ chatTemplate }));
    expect(tokenizer.decode(tokenizer.promptIds(HELLO))).toBe("26 Jul 2024");
  });

  it.each([
    // SmolLM3's and Granite's templates ask for the date without testing whether there is one.
    ['{%- set today = strftime_now("%d %B %Y") -%}{{ "Today Date: " ~ today }}', "Today Date: 26 July 2024"],
    [`{{ "Today's Date: " + strftime_now('%B %d, %Y') + "." }}`, "Today's Date: July 26, 2024."],
    ["{{ strftime_now('%A %-d %b %y, %j; %H:%M:%S 100%%') }}", "Friday 26 Jul 24, 208; 00:00:00 100%"],
  ])("have one day where the template cannot do without: %s", (chatTemplate, prompt) => {
    const tokenizer = createTokenizer(filesWith({ chatTemplate }));
    expect(tokenizer.decode(tokenizer.promptIds(HELLO))).toBe(prompt);
  });

  it("that ask for a part of the date that is not known here are an error which names it", () => {
    const tokenizer = createTokenizer(filesWith({ chatTemplate: "{{ strftime_now('%Q') }}" }));
    expect(() => tokenizer.promptIds(HELLO)).toThrow("expected a directive of strftime that is known here, got %Q");
  });

  it("that the template refuses are an error with its words", () => {
    const chatTemplate =
      "{% if messages[0].role == 'system' %}{{ raise_exception('no system messages') }}{% endif %}{% for i in range(2) %}{{ i }}{% endfor %}";
    const tokenizer = createTokenizer(filesWith({ chatTemplate }));
    expect(tokenizer.decode(tokenizer.promptIds(HELLO))).toBe("01");
    expect(() => tokenizer.promptIds([{ role: "system", content: "x" }])).toThrow(/no system messages/);
  });
});

describe("the end of text", () => {
  it("is the turn's end in the template, and whatever the files call an end", () => {
    const chatTemplate = `{% for message in messages %}${TURN_START}{{ message.content }}\n${TURN_END}\n{% endfor %}`;
    const tokenizer = createTokenizer({
      tokenizerJson: tinyTokenizer(),
      tokenizerConfig: { eos_token: TURN_START },
      chatTemplate,
      generationConfig: { eos_token_id: [5, 6] },
      modelConfig: { eos_token_id: 7 },
    });
    expect([...tokenizer.eosIds].sort((a, b) => a - b)).toEqual([5, 6, 7, START, END].sort((a, b) => a - b));
    expect(tokenizer.responseIds("a")).toEqual([...tiny.encode("a"), END]);
  });

  it("is the tokenizer's own where there is no template, and stands once behind an imported answer", () => {
    const tokenizer = createTokenizer(filesWith({}));
    expect([...tokenizer.eosIds]).toEqual([END]);
    expect(tokenizer.responseIds("the end")).toEqual([...tiny.encode("the end"), END]);
    expect(golden.eosId).toBe(END);
  });
});

describe("files that make no tokenizer", () => {
  it.each([
    ["no tokenizer.json", filesWith({ tokenizerJson: undefined }), /expected a tokenizer\.json/],
    ["a tokenizer.json of another kind", filesWith({ tokenizerJson: { model: {} } }), /expected a tokenizer\.json that can be used/],
    ["no end of text", { tokenizerJson: tinyTokenizer(), tokenizerConfig: {} }, /expected an end-of-text token/],
    ["a template that is no Jinja", filesWith({ chatTemplate: "{% for %}" }), /expected a chat template in Jinja/],
  ] as const)("%s", (_, files, message) => {
    expect(() => createTokenizer(files)).toThrow(ConfigError);
    expect(() => createTokenizer(files)).toThrow(message);
  });
});
