/** Two short training runs before the first real one, so that the forecast knows time and memory of training. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { roundsText } from "../text/rounds.ts";

const text = roundsText.measure;

export function MeasureTraining(): ReactNode {
  const { queries } = useLab();
  const queryClient = useQueryClient();
  const measure = useMutation(
    queries.rounds.measureTraining.mutationOptions({ onSettled: () => queryClient.invalidateQueries({ queryKey: queries.rounds.key() }) }),
  );
  return (
    <>
      {measure.error !== null && <Note kind="error">{sentenceOf(measure.error)}</Note>}
      <p className="measure row wrap">
        <Button
          className="btn"
          busy={measure.isPending}
          doing={text.busy}
          onClick={() => {
            measure.mutate(undefined);
          }}
        >
          {text.button}
        </Button>
        <span className="ink-3 small-text" role="status">
          {measure.isSuccess ? text.done : text.sub}
        </span>
      </p>
    </>
  );
}
