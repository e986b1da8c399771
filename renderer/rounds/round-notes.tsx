/** What must be said of a round before all else: a command that was refused, a stage that failed, an engine that died. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RoundView } from "#app/contract/views.ts";
import type { Stage } from "#app/domain/round.ts";
import { Note } from "../design/note.tsx";
import { useLab, useNews } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { Fill } from "../text/fill.tsx";
import { roundsText } from "../text/rounds.ts";
import { moodOf, STAGE_NAMES } from "./stage-text.ts";
import { NotRemovedNote } from "./not-removed-note.tsx";
import type { RoundCommands } from "./use-round-commands.ts";

const text = roundsText.notes;

/** The lab stops a stage at the third death of its engine in a row. */
const LAST_DEATH = 3;

export type RoundNotesProps = {
  readonly open: RoundView | undefined;
  readonly commands: RoundCommands;
  /** The stage that the screen is about; all without it. */
  readonly of?: Stage;
};

export function RoundNotes({ open, commands, of }: RoundNotesProps): ReactNode {
  const { news } = useLab();
  const { engineDeath } = useNews();
  const stages = open?.stages.filter((stage) => of === undefined || stage.stage === of) ?? [];
  const failed = stages.find((stage) => stage.state === "failed");
  const silence = stages.find((stage) => moodOf(stage, open?.isRunning === true) === "live" && stage.judgeSilence !== null)?.judgeSilence;
  return (
    <div className="round-notes">
      {commands.failure !== null && (
        <Note kind="error" onPutAway={commands.putFailureAway}>
          {commands.failure}
        </Note>
      )}
      {failed !== undefined && (
        <Note kind="error">
          <Fill
            text={text.stopped(STAGE_NAMES[failed.stage], of === undefined ? text.redo : text.redoOnRounds)}
            values={{ reason: sentenceOf(failed.error ?? text.noReason) }}
          />
        </Note>
      )}
      {silence != null && (
        <Note kind="notice">
          <Fill text={text.silent} values={{ reason: sentenceOf(silence), settings: <Link to="/settings">{text.toJudges}</Link> }} />
        </Note>
      )}
      {engineDeath !== null && failed === undefined && (
        <Note
          kind="notice"
          onPutAway={() => {
            news.putAway();
          }}
        >
          <Fill
            text={text.died(engineDeath.deaths)}
            values={{ reason: sentenceOf(engineDeath.message), then: engineDeath.deaths < LAST_DEATH ? text.restarted : text.ended }}
          />
        </Note>
      )}
      <NotRemovedNote round={open} />
    </div>
  );
}
