/** What the lab says of policies that cannot be written in a format. */

export const exportWords = {
  needsBpe: (where: string, problem: string | undefined) =>
    `expected a BPE tokenizer, as GGUF files hold them; tokenizer.json: ${where}: ${problem ?? "is none"}`,
  tokenOutside: (size: number, token: string, id: number) =>
    `expected tokens below ${size}, the rows of the embedding table; got ${token} with the id ${id}`,
  preTokenizer: (found: string) => `expected a pre-tokenizer that llama.cpp has a name for, got ${found}; write hf instead`,
  beyondHalf: (most: number, name: string) =>
    `expected weights that float16 can hold (at most ${most}), got larger ones in ${name}; write bf16 or f32 instead`,
  familyUnknown: (family: string) => `expected a family that llama.cpp knows, got ${family}`,
  precision: (precision: string) => `expected f32, f16 or bf16 for a Hugging Face folder, got ${precision}`,
};
