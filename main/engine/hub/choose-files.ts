/** Which files of a repository make a checkpoint: configuration, tokenizer, and weights in one form. */
import { ConfigError } from "#app/base/errors.ts";
import type { HubSource } from "#app/domain/hub-source.ts";
import { hubWords } from "#app/text/hub.ts";

/** What a checkpoint may bring beside its weights. */
const SIDE_FILES: ReadonlySet<string> = new Set([
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "chat_template.jinja",
  "tokenizer.model",
  "vocab.json",
  "merges.txt",
]);

const WHOLE = "model.safetensors";
const SHARD = /^model-\d+-of-\d+\.safetensors$/u;
const INDEX = "model.safetensors.index.json";

/** Of the names at the top of a repository those to fetch. Throws ConfigError where they make no checkpoint, or several. */
export function chooseFiles(source: HubSource, names: readonly string[]): readonly string[] {
  const place = `hf:${source.repo}`;
  const ggufs = names.filter((name) => name.toLowerCase().endsWith(".gguf"));
  if (source.file !== null) {
    if (names.includes(source.file)) return [source.file];
    throw new ConfigError(hubWords.noSuchFile(place, source.file, ggufs), {
      repo: source.repo,
    });
  }
  const weights = weightsOf(names);
  if (weights.length > 0 && names.includes("config.json")) return names.filter((name) => SIDE_FILES.has(name) || weights.includes(name));
  const [only, ...others] = ggufs;
  if (only !== undefined && others.length === 0) return [only];
  if (only !== undefined)
    throw new ConfigError(hubWords.severalGguf(place, ggufs.length, only, ggufs.join(", ")), {
      repo: source.repo,
    });
  const isPickled = names.some((name) => name.endsWith(".bin") || name.endsWith(".pth"));
  throw new ConfigError(isPickled ? hubWords.isPickled(place) : hubWords.noCheckpoint(place, names.slice(0, 8)), { repo: source.repo });
}

/** Shards with the index that says what is in them, where there are both; else the file that holds all, which needs no index. */
function weightsOf(names: readonly string[]): readonly string[] {
  const shards = names.filter((name) => SHARD.test(name));
  return shards.length > 0 && names.includes(INDEX) ? [...shards, INDEX] : names.filter((name) => name === WHOLE);
}
