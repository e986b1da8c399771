/** What must be said of a round before all else: a command that was refused, a stage that failed, an engine that died. */
import type { ReactNode } from "react";
import type { RoundView } from "#app/contract/views.ts";
import { Note } from "../design/note.tsx";
import { useLab, useNews } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { STAGE_NAMES } from "./stage-text.ts";
import type { RoundCommands } from "./use-round-commands.ts";

/** The lab stops a stage at the third death of its engine in a row. */
const LAST_DEATH = 3;

export type RoundNotesProps = {
  readonly open: RoundView | undefined;
  readonly commands: RoundCommands;
};

export function RoundNotes({ open, commands }: RoundNotesProps): ReactNode {
  const { news } = useLab();
  const { engineDeath } = useNews();
  const failed = open?.stages.find((stage) => stage.state === "failed");
  return (
    <div className="round-notes">
      {commands.failure !== null && (
        <Note kind="error" onPutAway={commands.putFailureAway}>
          {commands.failure}
        </Note>
      )}
      {failed !== undefined && (
        <Note kind="error">
          <b>{STAGE_NAMES[failed.stage]} stopped.</b> {sentenceOf(failed.error ?? "No reason was given")} What was done until then is kept. “Try
          again” goes on from there; “Redo from” begins a stage anew.
        </Note>
      )}
      {engineDeath !== null && failed === undefined && (
        <Note
          kind="notice"
          onPutAway={() => {
            news.putAway();
          }}
        >
          <b>The engine process died{engineDeath.deaths > 1 ? `, ${engineDeath.deaths} times in a row` : ""}.</b> {sentenceOf(engineDeath.message)}{" "}
          {engineDeath.deaths < LAST_DEATH
            ? "The lab starts it again from the last durable record. Nothing that was finished is lost."
            : "The stage has been stopped."}
        </Note>
      )}
    </div>
  );
}
