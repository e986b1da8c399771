/** What the lab says of endpoints: addresses, keys, costs, replies that never came. */
import { count, counted, fixed } from "./language.ts";
import { nouns } from "./nouns.ts";

export const endpointWords = {
  badAddress: "expected an address such as https://api.openai.com/v1, without a user name, a query or a fragment",
  needsHttps: "expected https, as a key could be read on its way over the internet; http is for this machine and local networks",
  longTimeout: "expected at most 300 s, as a reply that has not begun by then is given up, whatever is asked for",
  badName: "expected up to 60 letters, digits, dots, dashes or underscores",
  refusesQuestion: (reason: string) => `the endpoint does not take this question: ${reason}`,
  silent: (name: string, reason: string, failures: number, tries: number) =>
    `the endpoint ${name} does not answer: ${reason}. It is asked again, after ${failures} of ${tries} tries`,
  quiet: (name: string, seconds: number, most: number) =>
    `the endpoint ${name} has given no answer for ${count(seconds)} s; each may take up to ${count(most)} s`,
  otherSnapshot: (endpoint: string, model: string, snapshot: string) =>
    `${endpoint} now answers for ${model} as "${snapshot}", which is not the snapshot that has judged so far; verdicts of two snapshots are not alike. Accept it (nashlab judge accept ${endpoint} ${snapshot} --model ${model}), or name a dated model`,
  caps: {
    round: "the cap of each round",
    total: "the cap of the experiment",
  },
  overCap: (nextUsd: number, spentUsd: number, name: string, capUsd: number) =>
    `the next request may cost up to ${price(nextUsd)}, and ${price(spentUsd)} of ${name}, ${price(capUsd)}, is spent or set aside; raise the cap to go on`,
  needsPairwise: (name: string, mode: string) => `expected a pairwise template to test with, got "${name}", which is ${mode}`,
  test: {
    answered: (verdict: string | undefined) => `it answered: ${verdict ?? "nothing"}`,
    right: "it answered, and preferred the right answer",
    wrong: "it answered, but preferred the answer that is beside the point",
  },
  notAccepted: (endpoint: string, model: string, snapshot: string) => `no snapshot "${snapshot}" of ${model} at ${endpoint} is accepted`,
  onlySnapshot: (model: string, snapshot: string) => `"${snapshot}" is the only snapshot that may judge as ${model}; accept another first`,
  noSnapshot: (endpoint: string, model: string, snapshot: string) => `no reply of ${endpoint} for ${model} came from a snapshot "${snapshot}"`,
  offlineForced: "the lab is offline because NASHLAB_OFFLINE is set; start it without",
  keyOfEnvironment: (variable: string) => `the key comes from the environment variable ${variable}, which only whoever starts the lab can unset`,
  didNotAnswer: (name: string, failures: number, reason: string) =>
    `the endpoint ${name} did not answer ${counted(failures, nouns.times)} in a row; the last time: ${reason}`,
  unreadable: (name: string, replies: number, reason: string) =>
    `${counted(replies, { one: "reply", other: "replies" })} of the endpoint ${name} to one question came whole and cannot be read; the last time: ${reason}`,
  leaveAlone: (name: string, minutes: number, reason: string) =>
    `the endpoint ${name} asks to be left alone for ${counted(minutes, nouns.minutes)} (${reason})`,
  notACompletion: (field: string | undefined, problem: string | undefined) => `${field ?? "the whole"}: ${problem ?? "not a chat completion"}`,
  noChoices: "it has no choices",
  pointsTo: (address: string | undefined, status: number) =>
    address === undefined
      ? `the endpoint points elsewhere (status ${status}), and does not say where; look at its address`
      : `the endpoint points to ${address} (status ${status}), and nothing was sent there; name that address if you trust it`,
  noReply: "no reply in time",
  connectionFailed: (cause: string) => `the connection failed (${cause})`,
  unreadableReply: (reason: string) => `the reply cannot be read (${reason})`,
  wantsKey: "the endpoint wants a key, and there is none for it (status 401); set one for it and go on",
  malformed: (what: string) => `the reply is malformed: ${what}`,
  refusesKey: (status: number) => `the endpoint refuses the key (status ${status}); set another for it, or look whether it may use this model`,
  wantsPayment: (message: string) => `the endpoint wants payment (${message})`,
  noModel: (message: string) => `the endpoint has no such model or address (${message}); look at both`,
  usedUp: (message: string) => `the account behind the key is used up (${message}); go on when it is filled up, or with another key`,
  notListening: (host: string, code: string) => `nothing listens at ${host}; does its server run? (${code})`,
  hostUnknown: (host: string, code: string) => `the host ${host} cannot be found (${code})`,
  hostUnreached: (host: string, code: string) => `${host} cannot be reached (${code})`,
};

/** More digits where less than a dollar counts. */
function price(usd: number): string {
  return `$${fixed(usd, usd < 1 ? 4 : 2)}`;
}
