/** Contract: policies in, listed, merged, and out. */
import * as z from "zod";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { policyViewSchema } from "./views.ts";

/** How other tools are to read a policy: its adapter alone, or its weights as one checkpoint. */
export const exportLayoutSchema = z.enum(["peft", "hf", "gguf"]);
export type ExportLayout = z.infer<typeof exportLayoutSchema>;

/** How weights are stored; an adapter stays as it is. */
export const precisionSchema = z.enum(["f32", "f16", "bf16", "q8_0"]);
export type Precision = z.infer<typeof precisionSchema>;

export const policiesContract = {
  list: readerMethod.output(z.array(policyViewSchema)),
  /** Opens a Hugging Face folder or a GGUF file; what is not F32 is converted once, which takes time and disk. */
  add: ownerMethod.input(z.object({ path: z.string().min(1), name: nameSchema.optional() })).output(policyViewSchema),
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
