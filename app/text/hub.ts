/** What the lab says of fetching models from the hub. */
import { counted } from "./language.ts";
import { nouns } from "./nouns.ts";

export const hubWords = {
  notASource: (text: string) => `expected hf:owner/name, hf:owner/name@revision or hf:owner/name/file.gguf, got ${text}`,
  unreachable: (what: string, host: string, reason: string) => `${what}: expected the hub at ${host} to answer, it could not be reached (${reason})`,
  noSuchFile: (place: string, file: string, found: readonly string[]) =>
    `${place}: expected a file ${file}, found ${found.length === 0 ? "no GGUF file" : found.join(", ")}`,
  severalGguf: (place: string, count: number, example: string, found: string) =>
    `${place}: expected one checkpoint, found ${counted(count, nouns.ggufFiles)}; name the one you mean, such as ${place}/${example} (${found})`,
  isPickled: (place: string) => `${place}: expected weights as safetensors or GGUF, found pickled Python, which can run code`,
  noCheckpoint: (place: string, found: readonly string[]) =>
    `${place}: expected config.json and model.safetensors, or a GGUF file; found ${found.length === 0 ? "nothing" : found.join(", ")}`,
  wrongHash: (name: string, expected: string, found: string, before: string) =>
    `${name}: expected content with the hash ${expected}, got ${found}, and before that ${before}; nothing of it is kept`,
  gaveUp: (name: string, reason: string, failures: number) =>
    `${name}: ${reason}, ${failures} times in a row; what was fetched is kept for the next time`,
  connectionCut: "the connection was cut",
  answered: (status: number) => `the hub answered ${status}`,
  doesNotGoOn: "the hub does not go on where the file was cut",
  tooMany: (name: string, bytes: number) => `${name}: expected ${bytes} bytes, the hub sends more`,
  notReached: (reason: string) => `the hub could not be reached (${reason})`,
  badEndpoint: (found: string) => `HF_ENDPOINT: expected an address that begins with https://, got ${found}`,
  terms: (what: string) =>
    `${what}: the hub lets in only those who have accepted the model's terms: accept them on its page, and give the token of that account (HF_TOKEN)`,
  notAllowed: (what: string) => `${what}: the hub has no such model, or asks for a token that may read it (HF_TOKEN); it answered 401`,
  notFound: (what: string) => `${what}: there is no such model, revision or file on the hub`,
  badStatus: (what: string, status: number) => `${what}: expected the hub to answer, got status ${status}`,
  noDisk: (folder: string, needed: number, free: number) => `${folder}: expected ${needed} MB of free disk for the model, found ${free} MB`,
};
