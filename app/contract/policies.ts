/** Contract: policies in, listed, merged, and out. */
import { eventIterator } from "@orpc/contract";
import * as z from "zod";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { policyDetailsSchema, trialSchema, tryInputSchema } from "./policy-details.ts";
import { policyViewSchema } from "./views.ts";

/** How other tools are to read a policy: its adapter alone, or its weights as one checkpoint. */
export const exportLayoutSchema = z.enum(["peft", "hf", "gguf"]);
export type ExportLayout = z.infer<typeof exportLayoutSchema>;

/** How weights are stored; an adapter stays as it is. */
export const precisionSchema = z.enum(["f32", "f16", "bf16", "q8_0"]);
export type Precision = z.infer<typeof precisionSchema>;

/** What a policy would be added from: something on this machine, or a model on the Hugging Face hub. */
export const policySourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("local"), path: z.string() }),
  z.object({
    kind: z.literal("hub"),
    repo: z.string(),
    commit: z.string(),
    /** Where it would be fetched from; empty where the hub was not asked because all is here. */
    host: z.string(),
    /** As the model's page names it; null where it says none, or the hub was not asked. */
    license: z.string().nullable(),
    files: z.array(z.object({ name: z.string(), bytes: z.int(), isCached: z.boolean() })),
    totalBytes: z.int(),
    /** Still to be fetched. */
    missingBytes: z.int(),
  }),
]);
export type PolicySource = Readonly<z.infer<typeof policySourceSchema>>;

export const hubSchema = z.object({
  host: z.string(),
  /** Where the token is kept; null if there is none. It is never shown. */
  tokenPlace: z.enum(["keychain", "environment", "memory"]).nullable(),
  /** The environment variable that is looked at first; HF_TOKEN and Python's login count where nothing else is kept. */
  tokenVariable: z.string(),
});
export type HubView = Readonly<z.infer<typeof hubSchema>>;

export const policiesContract = {
  list: readerMethod.output(z.array(policyViewSchema)),
  /** What adding would take, before anything is fetched: a path, or hf:owner/name, hf:owner/name@revision, hf:owner/name/file.gguf. */
  look: ownerMethod.input(z.object({ path: z.string().min(1) })).output(policySourceSchema),
  /**
   * Opens a Hugging Face folder, a GGUF file, an adapter's folder, or a model on the hub. What is not F32 is converted once,
   * which takes time and disk. From the hub at most `confirmedBytes` are fetched; if it takes more, nothing is.
   */
  add: ownerMethod
    .input(z.object({ path: z.string().min(1), name: nameSchema.optional(), confirmedBytes: z.int().min(0).default(0) }))
    .output(policyViewSchema),
  /** The hub and its token. */
  hub: ownerMethod.output(hubSchema),
  /** Keeps a token in the keychain, or in memory where none answers; null takes it away. */
  setHubToken: ownerMethod.input(z.object({ token: z.string().trim().min(1).nullable() })).output(hubSchema),
  describe: readerMethod.input(z.object({ policy: nameSchema })).output(policyDetailsSchema),
  /** Answers a prompt on one or two policies, with the text as it grows. Nothing of it is recorded. Ends when all have answered; an abort ends it. */
  try: ownerMethod.input(tryInputSchema).output(eventIterator(trialSchema)),
  /** Takes a policy out of the experiment, and what only it made possible; records stay, superseded. Refused where a round is built on it. */
  remove: ownerMethod.input(z.object({ policy: nameSchema })).output(z.object({ policy: nameSchema })),
  /** Puts a policy back that was added by hand and removed. Refused where its name or its weights have been given to another since. */
  restore: ownerMethod.input(z.object({ policy: nameSchema })).output(policyViewSchema),
  /**
   * `peft` writes the adapter's folder (for a bare checkpoint it says where that is, and writes nothing); `hf` a Hugging Face
   * folder with merged weights, F32 unless said otherwise; `gguf` a file with merged weights, F16 unless said otherwise. The
   * latter two go where nothing is yet (or, a folder, into an empty one).
   */
  export: ownerMethod
    .input(z.object({ policy: nameSchema, path: z.string().min(1), as: exportLayoutSchema.default("peft"), precision: precisionSchema.optional() }))
    .output(z.object({ path: z.string(), files: z.array(z.string()) })),
  /** Adds a policy without an adapter whose checkpoint holds the merged weights; rounds can go on from it with other adapter settings. */
  merge: ownerMethod.input(z.object({ policy: nameSchema, name: nameSchema.optional() })).output(policyViewSchema),
};
