/** What the lab says of adding, naming, merging, writing and deleting policies. */
import { plural } from "./language.ts";

export const policyWords = {
  nothingThere: (path: string) => `expected a Hugging Face folder, a GGUF file or an adapter's folder, but there is nothing at ${path}`,
  adapterOfNothing: (folder: string, baseModelName: string | null, hasSeveral: boolean) => {
    const base = baseModelName === null ? "names no checkpoint" : `names the checkpoint ${baseModelName}, which is not on this machine`;
    return `the adapter in ${folder} ${base}, and this experiment has ${hasSeveral ? "several" : "none"} that it could belong to; add its checkpoint first, or write its path into adapter_config.json (base_model_name_or_path)`;
  },
  adapterFile: (file: string, folder: string) => `expected ${file} in the adapter's folder ${folder}, found none`,
  replaced: (name: string, path: string, expected: string, found: string) =>
    `the checkpoint of policy ${name} in ${path} is no longer the one that was added: expected content ${expected}, found ${found}`,
  adapterPrecision: "precision: an adapter is written as it is, in f32; leave the precision out, or write hf or gguf",
  noFolder: (folder: string) => `expected a folder in which to write, but there is none at ${folder}`,
  isFile: (path: string) => `expected a folder to write to, got the file ${path}`,
  ggufEnding: (path: string) => `expected a file that ends in .gguf, got ${path}`,
  pathTaken: (path: string) => `expected a path where nothing is yet, got ${path}, which is there`,
  folderNotEmpty: (path: string, found: string) => `expected a folder that is empty or not there yet, got ${path} with ${found} in it`,
  confirmSize: (repo: string, size: string, host: string, confirmed: string) =>
    `hf:${repo} would fetch ${size} MB from ${host}; expected a confirmation of that size, got one of ${confirmed} MB`,
  noAdapter: (name: string) => `the policy ${name} has no adapter: it is one checkpoint already`,
  roundsStart: (rounds: string, name: string) =>
    `round ${rounds} starts from ${name}, so it cannot be deleted: what that round made would have no origin`,
  builtOn: (name: string, policies: readonly string[]) =>
    `on ${name} ${plural(policies.length, { one: "is", other: "are" })} built ${policies.join(", ")}; delete ${plural(policies.length, { one: "it", other: "them" })} first`,
  answersCount: (name: string) => `comparisons that count hold answers of ${name}, so it cannot be deleted`,
  notRemoved: (name: string) => `no policy ${name} was removed from this experiment`,
  mayBeInUse: "a round is running, and it may use this policy; pause it first",
  roundsName: (name: string, given: string) => `name: ${name} is what a round calls the policy that it makes; expected another name, got ${given}`,
  nameTaken: (name: string) => `there is a policy ${name} already; choose another name`,
  sameWeights: (name: string) => `the policy ${name} has exactly these weights already`,
};
