/** Bringing prompts into the experiment: files that are looked at before they are imported, what became of them, what was said against them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { MAX_TEXT_BYTES } from "#app/contract/base.ts";
import type { ColumnChoiceInput, ImportReport } from "#app/contract/imports.ts";
import type { Split } from "#app/domain/prompt.ts";
import { bytes } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { isFinal, sentenceOf } from "../lab-client/lab-failure.ts";
import { setUpText as text } from "../text/set-up.ts";
import { readDropped } from "./dropped-file.ts";

/** A file of the lab's machine, or what was pasted or dropped. */
export type Prompts = { readonly path: string; readonly text?: string; readonly base64?: string };
export type ImportOrder = Prompts & {
  readonly columns?: ColumnChoiceInput;
  readonly split?: Split;
  readonly nearCopies?: "keep" | "leaveOut";
  readonly skipRejected?: boolean;
  readonly contentHash?: string;
};

export type ImportActions = {
  readonly importPrompts: (order: ImportOrder) => void;
  /** Opens what is said of a file before it is imported. */
  readonly lookAt: (prompts: Prompts) => void;
  readonly looking: Prompts | null;
  readonly closeLook: () => void;
  readonly takeFile: (file: File) => void;
  readonly isImporting: boolean;
  readonly promptFailure: string | null;
  /** Imports the rows that can be used of what was refused; null where that would not help. */
  readonly skipRejected: (() => void) | null;
  readonly report: ImportReport | null;
};

export function useImport(): ImportActions {
  const { queries } = useLab();
  const queryClient = useQueryClient();
  const [dropFailure, setDropFailure] = useState<string | null>(null);
  const [looking, setLooking] = useState<Prompts | null>(null);
  const prompts = useMutation(
    queries.experiments.importPrompts.mutationOptions({
      onSettled: async () => {
        await queryClient.invalidateQueries({ queryKey: queries.experiments.key() });
        await queryClient.invalidateQueries({ queryKey: queries.rounds.key() });
      },
    }),
  );
  const lookAt = (wanted: Prompts): void => {
    setDropFailure(null);
    setLooking(wanted);
  };
  return {
    importPrompts: (order) => {
      setDropFailure(null);
      setLooking(null);
      prompts.mutate(order);
    },
    lookAt,
    looking,
    closeLook: () => {
      setLooking(null);
    },
    takeFile: (file) => {
      const objection = objectionTo(file);
      if (objection !== null) {
        setDropFailure(objection);
        return;
      }
      readDropped(file).then(lookAt, (thrown: unknown) => {
        setDropFailure(sentenceOf(thrown));
      });
    },
    isImporting: prompts.isPending,
    promptFailure: dropFailure ?? (prompts.isError ? sentenceOf(prompts.error) : null),
    skipRejected:
      prompts.isError && isFinal(prompts.error) && dropFailure === null && prompts.variables.skipRejected !== true
        ? () => {
            prompts.mutate({ ...prompts.variables, skipRejected: true });
          }
        : null,
    report: prompts.data ?? null,
  };
}

export function isPromptFile(path: string): boolean {
  return /\.(jsonl|ndjson|json|csv|tsv|txt|parquet)(\.gz)?$/iu.test(path);
}

/** A folder arrives as a file without content that can be read; null for what can be taken. */
function objectionTo(file: File): string | null {
  if (file.size > MAX_TEXT_BYTES) return text.prompts.tooLarge(bytes(file.size));
  return file.type === "" && !/\.\w+$/u.test(file.name) ? text.prompts.dropFolder : null;
}
