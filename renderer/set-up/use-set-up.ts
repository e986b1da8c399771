/** Bringing a policy, prompts and an oracle into the experiment: the calls, whether they are under way, what was said against them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ExperimentView } from "#app/contract/views.ts";
import type { OracleConfig } from "#app/domain/oracle.ts";
import type { DroppedFile } from "../files/use-file-drop.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { finished } from "./oracle-kinds.ts";
import { type ImportActions, isPromptFile, useImport } from "./use-import.ts";

export type SetUpActions = ImportActions & {
  readonly addPolicy: (path: string) => void;
  readonly isAddingPolicy: boolean;
  readonly policyFailure: string | null;
  readonly takeDropped: (dropped: DroppedFile) => void;
  readonly saveOracle: (oracle: OracleConfig, bothOrders: boolean) => void;
  readonly isSavingOracle: boolean;
  /** Puts back the oracle that stood before the last save; null where none is to be put back. */
  readonly undoOracle: (() => void) | null;
  readonly oracleFailure: string | null;
};

type OracleChoice = { readonly oracle: OracleConfig; readonly bothOrders: boolean };

export function useSetUp(experiment: ExperimentView): SetUpActions {
  const { queries } = useLab();
  const queryClient = useQueryClient();
  const imports = useImport();
  const onSettled = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: queries.experiments.key() });
    await queryClient.invalidateQueries({ queryKey: queries.policies.key() });
    await queryClient.invalidateQueries({ queryKey: queries.rounds.key() });
  };
  const policy = useMutation(queries.policies.add.mutationOptions({ onSettled }));
  const oracle = useMutation(queries.experiments.configure.mutationOptions({ onSettled }));
  const [before, setBefore] = useState<OracleChoice | null>(null);
  const setOracle = ({ oracle: next, bothOrders }: OracleChoice, onSuccess: () => void): void => {
    const { config } = experiment;
    oracle.mutate({ config: { ...config, oracle: finished(next), judging: { ...config.judging, bothOrders } } }, { onSuccess });
  };
  const addPolicy = (path: string): void => {
    policy.mutate({ path });
  };
  return {
    ...imports,
    addPolicy,
    isAddingPolicy: policy.isPending,
    policyFailure: policy.isError ? sentenceOf(policy.error) : null,
    takeDropped: (dropped) => {
      if (dropped.kind !== "path") imports.takeFile(dropped.file);
      else if (isPromptFile(dropped.path)) imports.lookAt({ path: dropped.path });
      else addPolicy(dropped.path);
    },
    saveOracle: (next, bothOrders) => {
      const { oracle: present, judging } = experiment.config;
      setOracle({ oracle: next, bothOrders }, () => {
        setBefore({ oracle: present, bothOrders: judging.bothOrders });
      });
    },
    isSavingOracle: oracle.isPending,
    undoOracle:
      before === null
        ? null
        : () => {
            setOracle(before, () => {
              setBefore(null);
            });
          },
    oracleFailure: oracle.isError ? sentenceOf(oracle.error) : null,
  };
}
