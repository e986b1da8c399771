/** Start, pause, go on, redo: the calls, whether they are under way, and what the lab said against one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Stage } from "#app/domain/round.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";

export type RoundCommands = {
  readonly start: () => void;
  /** So many rounds, each next one when the last is done. */
  readonly startRounds: (rounds: number) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
  readonly redo: (stage: Stage) => void;
  readonly isStarting: boolean;
  readonly isPausing: boolean;
  readonly isStopping: boolean;
  /** Null if the last command was taken. */
  readonly failure: string | null;
  readonly putFailureAway: () => void;
};

export function useRoundCommands(): RoundCommands {
  const { queries } = useLab();
  const queryClient = useQueryClient();
  // Read again whatever came of it: the button must show what is, not what was asked for.
  const onSettled = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: queries.rounds.key() });
  };
  const start = useMutation(queries.rounds.start.mutationOptions({ onSettled }));
  const pause = useMutation(queries.rounds.pause.mutationOptions({ onSettled }));
  const resume = useMutation(queries.rounds.resume.mutationOptions({ onSettled }));
  const redo = useMutation(queries.rounds.redo.mutationOptions({ onSettled }));
  const stop = useMutation(queries.rounds.stop.mutationOptions({ onSettled }));
  const all = [start, pause, resume, redo, stop];
  const putFailureAway = (): void => {
    for (const one of all) if (one.isError) one.reset();
  };
  const failed = all.find((one) => one.isError);
  return {
    start: () => {
      putFailureAway();
      start.mutate({});
    },
    startRounds: (rounds) => {
      putFailureAway();
      start.mutate({ rounds });
    },
    pause: () => {
      putFailureAway();
      pause.mutate(undefined);
    },
    resume: () => {
      putFailureAway();
      resume.mutate(undefined);
    },
    stop: () => {
      putFailureAway();
      stop.mutate(undefined);
    },
    redo: (stage) => {
      putFailureAway();
      redo.mutate({ stage });
    },
    isStarting: start.isPending || resume.isPending || redo.isPending,
    isPausing: pause.isPending,
    isStopping: stop.isPending,
    failure: failed === undefined ? null : sentenceOf(failed.error),
    putFailureAway,
  };
}
