/** Hugging Face's tokenizer and Jinja libraries, with the types of what is used: their own do not resolve under Node's rules. */
import { Environment as UntypedEnvironment, Interpreter as UntypedInterpreter, parse, tokenize } from "@huggingface/jinja";
import { Tokenizer } from "@huggingface/tokenizers";

export interface LibraryTokenizer {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
  /** Throws for an empty list. */
  decode(ids: readonly number[], options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  get_added_tokens_decoder(): ReadonlyMap<number, { readonly special: boolean }>;
}

interface TemplateEnvironment {
  set(name: string, value: unknown): void;
}

/** Contents of tokenizer.json and tokenizer_config.json. */
export const LibraryTokenizer = Tokenizer as unknown as new (tokenizerJson: object, config: object) => LibraryTokenizer; // see the head of this file

const Environment = UntypedEnvironment as unknown as new () => TemplateEnvironment; // as above
const Interpreter = UntypedInterpreter as unknown as new (environment: TemplateEnvironment) => { run(program: unknown): { readonly value: unknown } }; // as above
const readProgram = parse as unknown as (tokens: unknown) => unknown; // as above
const readTokens = tokenize as unknown as (source: string, options: { readonly trim_blocks: boolean; readonly lstrip_blocks: boolean }) => unknown; // as above

/** A Jinja template as a function of its variables and functions; blocks are trimmed as Transformers trims them. */
export function compileJinja(source: string): (variables: Readonly<Record<string, unknown>>) => string {
  const program = readProgram(readTokens(source, { trim_blocks: true, lstrip_blocks: true }));
  return (variables) => {
    const environment = new Environment();
    for (const [name, value] of Object.entries(variables)) environment.set(name, value);
    const { value } = new Interpreter(environment).run(program);
    return typeof value === "string" ? value : "";
  };
}
