/** What an experiment needs before its first round, part two: prompts. */
import type { ReactNode } from "react";
import { setUpText } from "../text/set-up.ts";
import { PromptImport } from "./prompt-import.tsx";
import { Step, type StepProps } from "./step.tsx";

const text = setUpText.prompts;

export function PromptStep({ experiment, actions }: StepProps): ReactNode {
  return (
    <Step title={text.title} isDone={experiment.prompts.training > 0}>
      <p className="ink-2">{text.sentence}</p>
      <PromptImport experiment={experiment} actions={actions} drop={text.drop} />
    </Step>
  );
}
