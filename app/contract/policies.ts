/** Contract: policies in, listed, and out. */
import * as z from "zod";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { policyViewSchema } from "./views.ts";

export const policiesContract = {
  list: readerMethod.output(z.array(policyViewSchema)),
  /** Opens a Hugging Face folder or a GGUF file; what is not F32 is converted once, which takes time and disk. */
  add: ownerMethod.input(z.object({ path: z.string().min(1), name: nameSchema.optional() })).output(policyViewSchema),
  /** Writes the policy's PEFT folder (or, for a bare checkpoint, says where that is). */
  export: ownerMethod
    .input(z.object({ policy: nameSchema, path: z.string().min(1) }))
    .output(z.object({ path: z.string(), files: z.array(z.string()) })),
};
