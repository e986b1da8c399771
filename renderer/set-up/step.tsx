/** One of the things that an experiment needs: its mark, its name, what is there and what can be done. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import type { ExperimentView } from "#app/contract/views.ts";
import { setUpText as text } from "../text/set-up.ts";
import type { SetUpActions } from "./use-set-up.ts";

export type StepProps = { readonly experiment: ExperimentView; readonly actions: SetUpActions };

export function Step({ title, isDone, children }: { readonly title: string; readonly isDone: boolean; readonly children: ReactNode }): ReactNode {
  return (
    <li className="step">
      <span className={isDone ? "step-mark done" : "step-mark"}>
        {isDone && <Check className="icon small" aria-hidden="true" />}
        {isDone && <span className="unseen">{text.done}</span>}
      </span>
      <div className="step-body">
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  );
}
