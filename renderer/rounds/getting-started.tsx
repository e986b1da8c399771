/** What an experiment lacks before its first round, with the command that brings it. */
import type { ReactNode } from "react";
import { EmptyState } from "../design/empty-state.tsx";

export type GettingStartedProps = {
  readonly lacks: "experiment" | "policy" | "prompts";
  readonly folder?: string;
};

const TEXTS = {
  experiment: {
    title: "This folder holds no experiment yet",
    sentence: "An experiment is a chain of rounds with one configuration and one seed.",
    command: "nashlab init",
  },
  policy: {
    title: "The experiment has no policy yet",
    sentence: "A policy is a checkpoint on this machine: a Hugging Face folder or a GGUF file. The first round starts from it.",
    command: "nashlab policy add PATH",
  },
  prompts: {
    title: "The experiment has no prompts yet",
    sentence: "The policy answers prompts several times each; some are held out to measure what came of it.",
    command: "nashlab prompts import FILE",
  },
} as const;

export function GettingStarted({ lacks, folder }: GettingStartedProps): ReactNode {
  const { title, sentence, command } = TEXTS[lacks];
  return (
    <EmptyState title={title}>
      <p>{sentence}</p>
      <p>
        In a terminal: <code className="command">{folder === undefined ? command : `${command} -C ${folder}`}</code>
      </p>
    </EmptyState>
  );
}
