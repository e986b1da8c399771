/** What can be done with experiments: opened, made, taken off the list and put back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DemoOracle, ExperimentCard } from "#app/contract/host.ts";
import { useHost } from "../lab-client/host-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";

export type Forgotten = Pick<ExperimentCard, "folder" | "name" | "openedAtMs">;

export type ExperimentActions = {
  readonly open: (folder: string) => void;
  readonly runDemo: () => void;
  /** What is to judge the demo. */
  readonly demoOracle: DemoOracle;
  readonly chooseDemoOracle: (oracle: DemoOracle) => void;
  readonly forget: (card: ExperimentCard) => void;
  readonly undoForget: () => void;
  /** The folder that is being opened now. */
  readonly opening: string | null;
  readonly isPreparingDemo: boolean;
  /** What was taken off the list last, until that is undone or put away. */
  readonly forgotten: Forgotten | null;
  readonly putForgottenAway: () => void;
  readonly failure: string | null;
  readonly putFailureAway: () => void;
};

export function useExperiments(): ExperimentActions {
  const { queries, showExperiment } = useHost();
  const queryClient = useQueryClient();
  const [forgotten, setForgotten] = useState<Forgotten | null>(null);
  const [demoOracle, chooseDemoOracle] = useState<DemoOracle>("happy-ending");
  const refresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: queries.experiments.key() });
  };
  const open = useMutation(
    queries.experiments.open.mutationOptions({
      onSuccess: ({ key }) => {
        showExperiment(key, "/rounds");
      },
    }),
  );
  const demo = useMutation(
    queries.experiments.createDemo.mutationOptions({
      onSuccess: ({ key }) => {
        showExperiment(key, "/rounds");
      },
    }),
  );
  const forget = useMutation(queries.experiments.forget.mutationOptions({ onSettled: refresh }));
  const remember = useMutation(queries.experiments.remember.mutationOptions({ onSettled: refresh }));
  const all = [open, demo, forget, remember];
  const failed = all.find((one) => one.isError);
  const putFailureAway = (): void => {
    for (const one of all) if (one.isError) one.reset();
  };
  return {
    open: (folder) => {
      putFailureAway();
      open.mutate({ folder });
    },
    runDemo: () => {
      putFailureAway();
      demo.mutate({ oracle: demoOracle });
    },
    demoOracle,
    chooseDemoOracle,
    forget: ({ folder, name, openedAtMs }) => {
      putFailureAway();
      forget.mutate(
        { folder },
        {
          onSuccess: () => {
            setForgotten({ folder, name, openedAtMs });
          },
        },
      );
    },
    undoForget: () => {
      if (forgotten === null) return;
      remember.mutate({ folder: forgotten.folder, openedAtMs: forgotten.openedAtMs });
      setForgotten(null);
    },
    opening: open.isPending ? open.variables.folder : null,
    isPreparingDemo: demo.isPending,
    forgotten,
    putForgottenAway: () => {
      setForgotten(null);
    },
    failure: failed === undefined ? null : sentenceOf(failed.error),
    putFailureAway,
  };
}
