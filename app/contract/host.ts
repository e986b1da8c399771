/** Contract: the host around the labs: which experiments there are, making and opening one, files of this machine. */
import { oc, type ContractRouterClient } from "@orpc/contract";
import * as z from "zod";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { attemptStateSchema, stageSchema } from "#app/domain/round.ts";
import { labErrorData, nameSchema } from "./base.ts";
import { winRateViewSchema } from "./views.ts";

/** All of it is the owner's: an annotator's page is let into one lab and knows no host. */
const method = oc.errors({ LAB: { status: 422, data: labErrorData } });

export const roundCardSchema = z.object({
  number: z.int(),
  isDone: z.boolean(),
  stages: z.array(
    z.object({
      stage: stageSchema,
      state: z.union([attemptStateSchema, z.literal("waiting")]),
      waitsForPeople: z.boolean(),
      unit: z.string(),
      unitsDone: z.int(),
      unitsTotal: z.int().nullable(),
    }),
  ),
});
export type RoundCard = Readonly<z.infer<typeof roundCardSchema>>;

/** An experiment as the list shows it. */
export const experimentCardSchema = z.object({
  /** Names the folder in the address of its lab's connection. */
  key: z.string(),
  folder: z.string(),
  name: z.string(),
  openedAtMs: z.number(),
  /** This host has its lab. */
  isOpen: z.boolean(),
  /** Why nothing more is known: the folder is gone, or its database cannot be read; null if all is well. */
  problem: z.string().nullable(),
  /** The newest policy. */
  policy: z.string().nullable(),
  promptCount: z.int(),
  roundCount: z.int(),
  lastRound: roundCardSchema.nullable(),
  /** The recommended policy against the first one, from the last round that was measured. */
  best: winRateViewSchema.nullable(),
});
export type ExperimentCard = Readonly<z.infer<typeof experimentCardSchema>>;

const opened = z.object({ key: z.string(), folder: z.string() });
const folderInput = z.object({ folder: z.string().min(1) });

/** What a file or folder is to the lab; `other` can only be looked into, or not be used. */
export const fileUseSchema = z.enum(["experiment", "checkpoint", "adapter", "prompts", "other"]);
export type FileUse = z.infer<typeof fileUseSchema>;

const folderListingSchema = z.object({
  path: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  use: fileUseSchema,
  entries: z.array(z.object({ name: z.string(), path: z.string(), isFolder: z.boolean(), use: fileUseSchema, sizeBytes: z.number().nullable() })),
  /** More than can be shown: only the first are. */
  isCut: z.boolean(),
});
export type FolderListing = Readonly<z.infer<typeof folderListingSchema>>;

/** What judges the demo: each is a file of settings in resources/demo. */
export const DEMO_ORACLES = ["happy-ending", "place-described", "cycle", "random"] as const;
export const demoOracleSchema = z.enum(DEMO_ORACLES);
export type DemoOracle = z.infer<typeof demoOracleSchema>;

export const hostContract = {
  /** `key`: the experiment that the page showed last. */
  about: method.input(z.object({ key: z.string().optional() })).output(
    z.object({
      version: z.string(),
      kind: z.enum(["browser", "window"]),
      platform: z.string(),
      coreCount: z.int(),
      memoryBytes: z.number(),
      /** Where new experiments go unless another place is named. */
      dataFolder: z.string(),
      /** The one of that key if it is known, else the one that this host was asked to open; null if none was. */
      experiment: opened.nullable(),
      hasDialogs: z.boolean(),
      /** A file of prompts that comes with the lab. */
      samplePrompts: z.string(),
    }),
  ),
  experiments: {
    /** Newest first. */
    recent: method.output(z.array(experimentCardSchema)),
    /** Opens the lab of a folder that has an experiment. */
    open: method.input(folderInput).output(opened),
    /** Makes an experiment in a folder (a new one under the data folder, if none is named) and opens its lab. */
    create: method.input(z.object({ name: nameSchema, folder: z.string().min(1).optional(), config: experimentConfigSchema })).output(opened),
    /** Makes the demo, with the embedded model, prompts and one of its scripts as the oracle, and begins `rounds` rounds, one after the other. */
    createDemo: method.input(z.object({ rounds: z.int().min(0).max(2).default(2), oracle: demoOracleSchema.default("happy-ending") })).output(opened),
    /** Takes a folder off the list; its files stay. `remember` is the way back. */
    forget: method.input(folderInput).output(z.object({ openedAtMs: z.number() })),
    remember: method.input(folderInput.extend({ openedAtMs: z.number() })).output(z.null()),
  },
  files: {
    /** A folder of this machine; the user's home without a path. */
    list: method.input(z.object({ path: z.string().optional() })).output(folderListingSchema),
    /** The system's own dialog; null if it was closed without a choice. Only where `hasDialogs`. */
    choose: method.input(z.object({ what: z.enum(["experiment", "checkpoint", "prompts", "folder"]) })).output(z.string().nullable()),
  },
};

/** The host as its pages see it. */
export type HostClient = ContractRouterClient<typeof hostContract>;
