/** Names of models on the Hugging Face hub, as users write them: hf:owner/name, hf:owner/name@revision, hf:owner/name/file.gguf. */
import { ConfigError } from "#app/base/errors.ts";
import { hubWords } from "#app/text/hub.ts";

export type HubSource = {
  /** owner/name */
  readonly repo: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** The GGUF file that is meant; null for the repository's checkpoint. */
  readonly file: string | null;
};

const PREFIX = "hf:";
const FORM = /^hf:([\w.-]+\/[\w.-]+)(?:\/([\w.-]+\.gguf))?(?:@([\w./-]+))?$/u;

/** owner/name alone, as other tools write it; undefined for anything else. */
export function parseRepoName(text: string): HubSource | undefined {
  return /^[\w.-]+\/[\w.-]+$/u.test(text) && !text.includes("..") ? { repo: text, revision: "main", file: null } : undefined;
}

export function isHubSource(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Undefined for what does not begin with hf:. Throws ConfigError for what does and is no name of a model. */
export function parseHubSource(text: string): HubSource | undefined {
  if (!isHubSource(text)) return undefined;
  const [, repo, file, revision] = FORM.exec(text) ?? [];
  if (repo === undefined || text.includes("..")) {
    throw new ConfigError(hubWords.notASource(JSON.stringify(text)));
  }
  return { repo, revision: revision ?? "main", file: file ?? null };
}
