/** From an empty experiment to its first round: a policy, prompts, an oracle, and the button that starts it. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ExperimentView } from "#app/contract/views.ts";
import { useUndo } from "../commands/use-undo.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { useFileDrop } from "../files/use-file-drop.ts";
import { designText } from "../text/design.ts";
import { Fill } from "../text/fill.tsx";
import { setUpText as text } from "../text/set-up.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import type { JudgeChoices } from "./judge-fields.tsx";
import { JudgeMoney } from "./judge-money.tsx";
import { OracleForm } from "./oracle-form.tsx";
import { PolicyStep } from "./policy-step.tsx";
import { PromptStep } from "./prompt-step.tsx";
import { Step, type StepProps } from "./step.tsx";
import { useSetUp } from "./use-set-up.ts";
import "./set-up.css";

export type SetUpProps = {
  readonly experiment: ExperimentView;
  readonly onStart: () => void;
  readonly isStarting: boolean;
};

export function SetUp({ experiment, onStart, isStarting }: SetUpProps): ReactNode {
  const actions = useSetUp(experiment);
  const isOver = useFileDrop(actions.takeDropped);
  const isReady = experiment.policies.length > 0 && experiment.prompts.training > 0;
  return (
    <section className="set-up" aria-labelledby="set-up-headline">
      <h2 id="set-up-headline" className="claim">
        {isReady ? text.ready : text.headline}
      </h2>
      <ol>
        <PolicyStep experiment={experiment} actions={actions} />
        <PromptStep experiment={experiment} actions={actions} />
        <OracleStep key={JSON.stringify([experiment.config.oracle, experiment.config.judging])} experiment={experiment} actions={actions} />
      </ol>
      <Button className="btn primary large" busy={isStarting} doing={text.starting} why={!isReady && text.needs} onClick={onStart}>
        {text.start}
      </Button>
      {isOver && <div className="drop-veil">{text.prompts.dropHere}</div>}
    </section>
  );
}

function OracleStep({ experiment, actions }: StepProps): ReactNode {
  const present = experiment.config.oracle;
  const [isOpen, setIsOpen] = useState(false);
  const [oracle, setOracle] = useState(present);
  const [bothOrders, setBothOrders] = useState(experiment.config.judging.bothOrders);
  const choices = useJudgeChoices(experiment);
  const { undoOracle, isSavingOracle } = actions;
  useUndo(undoOracle === null || isOpen || isSavingOracle ? undefined : undoOracle);
  return (
    <Step title={text.oracle.title} isDone>
      <p className="ink-2">{text.oracle.sentence}</p>
      <p>
        <b>{text.oracle.kinds[present.kind]}</b> <span className="ink-2">{text.oracle.sentences[present.kind]}</span>
      </p>
      {isOpen ? (
        <div className="step-form">
          <OracleForm oracle={oracle} choices={choices} onChange={setOracle} />
          {oracle.kind !== "people" && (
            <label className="row">
              <input
                type="checkbox"
                checked={bothOrders}
                onChange={(event) => {
                  setBothOrders(event.currentTarget.checked);
                }}
              />
              {text.oracle.bothOrders}
            </label>
          )}
          {actions.oracleFailure !== null && <Note kind="error">{actions.oracleFailure}</Note>}
          <div className="row">
            <Button
              className="btn"
              busy={isSavingOracle}
              doing={text.oracle.saving}
              onClick={() => {
                actions.saveOracle(oracle, bothOrders);
              }}
            >
              {text.oracle.save}
            </Button>
            <button
              type="button"
              className="btn quiet"
              onClick={() => {
                setIsOpen(false);
                setOracle(present);
              }}
            >
              {text.prompts.cancel}
            </button>
          </div>
        </div>
      ) : (
        <div className="row">
          <button
            type="button"
            className="btn"
            onClick={() => {
              setIsOpen(true);
            }}
          >
            {text.change}
          </button>
          {undoOracle !== null && (
            <>
              <span className="small-text ink-3" role="status">
                <Fill text={text.oracle.saved} />
              </span>
              <Button className="btn quiet" busy={isSavingOracle} doing={designText.undoing} onClick={undoOracle}>
                {designText.undo}
              </Button>
            </>
          )}
        </div>
      )}
      <JudgeMoney />
    </Step>
  );
}

/** Undefined until all of it has been read. */
function useJudgeChoices(experiment: ExperimentView): JudgeChoices | undefined {
  const { queries } = useLab();
  const endpoints = useQuery(queries.settings.endpoints.queryOptions()).data;
  const templates = useQuery(queries.settings.templates.queryOptions()).data;
  if (endpoints === undefined || templates === undefined) return undefined;
  return { endpoints, templates, policies: experiment.policies.map((policy) => policy.name) };
}
