/** What the curves mean, sentence by sentence; alarms are marked by sign and colour. */
import { Check, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import { trainingText as text } from "../text/training.ts";

const ICONS = { usual: Check, note: Info, alarm: TriangleAlert };

export function Readings({ run }: { readonly run: TrainingRunView }): ReactNode {
  return (
    <section aria-label={text.say.title} className="readings">
      <div className="head">
        <h2>{text.say.title}</h2>
        <span className="sub">{text.say.sub(run.readSteps)}</span>
      </div>
      <ul aria-live="polite">
        {run.readings.map(({ kind, title, text: sentence }) => {
          const Icon = ICONS[kind];
          return (
            <li key={title} className={kind}>
              <Icon className="icon" role="img" aria-label={text.kinds[kind]} />
              <p>
                <b>{title}</b> {sentence}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
