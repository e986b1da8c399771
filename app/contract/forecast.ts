/** What is said of a round before and while it runs: how much of everything, how sure, and what is not known. */
import * as z from "zod";
import { stageSchema } from "#app/domain/round.ts";

export const quantitySchema = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** exact: follows from the settings; bound: at most so much; floor: at least; measured: from a rate of earlier work. */
  source: z.enum(["exact", "bound", "floor", "measured"]),
});
export type QuantityView = Readonly<z.infer<typeof quantitySchema>>;

export const forecastRowSchema = z.object({
  what: z.enum(["time", "samples", "judgeCalls", "money", "people", "peopleTime", "memory", "disk", "diskKept"]),
  unit: z.enum(["ms", "count", "usd", "bytes"]),
  /** Of the whole round, before it was started; null if it was not known, or nothing was said. */
  saidBefore: quantitySchema.nullable(),
  soFar: z.number().nullable(),
  /** Null where it is not known. */
  toCome: quantitySchema.nullable(),
  /** A few words, first of all why something is not known. */
  remark: z.string(),
});
export type ForecastRow = Readonly<z.infer<typeof forecastRowSchema>>;

export const forecastViewSchema = z.object({
  /** The round that a start would make or go on with. */
  round: z.int(),
  /** True if it has been started already. */
  isStarted: z.boolean(),
  /** The policy that would sample. Null where there is none. */
  policy: z.string().nullable(),
  /** Why it cannot be started; null if it can. */
  refusal: z.string().nullable(),
  stages: z.array(
    z.object({
      stage: stageSchema,
      state: z.enum(["ahead", "open", "done"]),
      units: quantitySchema.nullable(),
      remainingMs: quantitySchema.nullable(),
    }),
  ),
  rows: z.array(forecastRowSchema),
  /** What differs from the round before: of the plan, and of the settings by their dotted names. */
  changes: z.array(z.object({ name: z.string(), from: z.string().nullable(), to: z.string().nullable(), remark: z.string() })),
});
export type ForecastView = Readonly<z.infer<typeof forecastViewSchema>>;
