/** What an experiment lacks before its first round, with the way to bring it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyState } from "../design/empty-state.tsx";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { Fill } from "../text/fill.tsx";
import { gettingStartedText as text } from "../text/getting-started.ts";

export type GettingStartedProps = {
  readonly lacks: "experiment" | "policy" | "prompts";
  readonly folder?: string;
};

export function GettingStarted({ lacks, folder }: GettingStartedProps): ReactNode {
  const hasHost = useHostIfAny() !== null;
  const { title, sentence, command } = text[lacks];
  const whole = folder === undefined ? command : `${command} -C ${folder}`;
  return (
    <EmptyState
      title={title}
      action={
        lacks !== "experiment" ? (
          <Link to="/set-up" className="btn primary large">
            {text.setUp}
          </Link>
        ) : hasHost ? (
          <Link to="/experiments" className="btn primary large">
            {text.showExperiments}
          </Link>
        ) : undefined
      }
    >
      <p>{sentence}</p>
      <p className="small-text">
        <Fill
          text={lacks === "experiment" && !hasHost ? text.inTerminal : text.orInTerminal}
          values={{ command: <code className="command">{whole}</code> }}
        />
      </p>
    </EmptyState>
  );
}
