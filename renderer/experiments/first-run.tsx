/** The first look at the lab: what it does, and two ways in. */
import { useQuery } from "@tanstack/react-query";
import { Cpu, Folder, Lock } from "lucide-react";
import { type ReactNode, useId } from "react";
import { DEMO_ORACLES, demoOracleSchema } from "#app/contract/host.ts";
import { Button } from "../design/button.tsx";
import { bytes } from "../design/format.ts";
import { LabMark } from "../design/icons.tsx";
import { KeyCap } from "../design/key-cap.tsx";
import { Note } from "../design/note.tsx";
import { PaletteButton } from "../commands/palette-button.tsx";
import { useHost } from "../lab-client/host-context.tsx";
import { experimentText } from "../text/experiments.ts";
import { shellText } from "../text/shell.ts";
import { AnswersPicture, PreferPicture, TrainedPicture } from "./first-run-pictures.tsx";
import type { ExperimentActions } from "./use-experiments.ts";

const text = experimentText.firstRun;
const PICTURES = [AnswersPicture, PreferPicture, TrainedPicture];

export type FirstRunProps = {
  readonly actions: ExperimentActions;
  readonly onOwnModel: () => void;
  readonly onOpenFolder: () => void;
};

export function FirstRun({ actions, onOwnModel, onOpenFolder }: FirstRunProps): ReactNode {
  return (
    <main className="first-run">
      <div className="first-run-top">
        <LabMark />
        <b className="grow">{shellText.product}</b>
        <button type="button" className="btn quiet" onClick={onOpenFolder}>
          {text.open}
        </button>
        <PaletteButton />
      </div>
      <div className="first-run-body">
        <h1>{text.headline}</h1>
        <p className="lead">{text.lead}</p>
        <ol className="first-run-steps">
          {text.steps.map(({ title, sentence }, i) => {
            const Picture = PICTURES[i] ?? AnswersPicture;
            return (
              <li key={title}>
                <div className="picture" aria-hidden="true">
                  <Picture />
                </div>
                <b>{title}</b>
                <p className="ink-2">{sentence}</p>
              </li>
            );
          })}
        </ol>
        {actions.failure !== null && (
          <Note kind="error" onPutAway={actions.putFailureAway}>
            {actions.failure}
          </Note>
        )}
        <div className="row wrap">
          <Button className="btn primary large" busy={actions.isPreparingDemo} doing={text.preparing} onClick={actions.runDemo}>
            {text.demo} <KeyCap keys={["Enter"]} />
          </Button>
          <button type="button" className="btn large" onClick={onOwnModel}>
            {text.own}
          </button>
          <span className="ink-2 demo-note">{text.demoNote}</span>
        </div>
        <DemoOracleChoice actions={actions} />
      </div>
      <Machine />
    </main>
  );
}

function DemoOracleChoice({ actions }: Pick<FirstRunProps, "actions">): ReactNode {
  const id = useId();
  return (
    <div className="row wrap demo-oracle">
      <label htmlFor={id} className="ink-2">
        {text.demoOracle}
      </label>
      <select
        id={id}
        className="select"
        value={actions.demoOracle}
        onChange={(event) => {
          actions.chooseDemoOracle(demoOracleSchema.parse(event.currentTarget.value));
        }}
      >
        {DEMO_ORACLES.map((oracle) => (
          <option key={oracle} value={oracle}>
            {text.demoOracles[oracle]}
          </option>
        ))}
      </select>
    </div>
  );
}

function Machine(): ReactNode {
  const { queries } = useHost();
  const about = useQuery(queries.about.queryOptions({ input: {} })).data;
  // All of it at once: it stands centred, and each part would move the others.
  if (about === undefined) {
    return (
      <footer className="machine small-text ink-2">
        <span className="row" role="status">
          <Cpu className="icon" aria-hidden="true" />
          {text.looking}
        </span>
      </footer>
    );
  }
  return (
    <footer className="machine small-text ink-2">
      <span className="row">
        <Cpu className="icon" aria-hidden="true" />
        {text.machine(about.coreCount, bytes(about.memoryBytes))}
      </span>
      <span className="row">
        <Lock className="icon" aria-hidden="true" />
        {text.privacy}
      </span>
      <span className="row">
        <Folder className="icon" aria-hidden="true" />
        <span className="cut">{about.dataFolder}</span>
      </span>
    </footer>
  );
}
