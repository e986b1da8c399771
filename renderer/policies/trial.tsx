/** One prompt on two policies side by side, with the text as it grows; nothing of it becomes part of the experiment. */
import { Square } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { TrialView } from "#app/contract/policy-details.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { ResponseText } from "../annotate/response-text.tsx";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { useResting } from "../design/why.tsx";
import { policiesText } from "../text/policies.ts";
import { type Trial as TrialWork, useTrial } from "./use-trial.ts";

const text = policiesText.trial;
const USUAL = { temperature: 0.7, maxNewTokens: 256, seed: 0 };

export type TrialProps = { readonly policies: readonly PolicyView[]; readonly open: PolicyView };

/** Begins with the open policy and its parent, or the first. */
export function Trial({ policies, open }: TrialProps): ReactNode {
  const other = policies.find((policy) => policy.name === open.parent) ?? policies.find((policy) => policy.name !== open.name);
  const [names, setNames] = useState<readonly string[]>([open.name, ...(other === undefined ? [] : [other.name])]);
  const [prompt, setPrompt] = useState("");
  const [settings, setSettings] = useState(USUAL);
  const trial = useTrial();
  const id = useId();
  const ask = (): void => {
    if (prompt.trim() !== "" && !trial.isAsking) trial.ask({ prompt, policies: names, ...settings });
  };
  return (
    <section className="trial" aria-label={text.title}>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <label htmlFor={id} className="unseen">
          {text.prompt}
        </label>
        <textarea
          id={id}
          className="field grow"
          rows={1}
          value={prompt}
          placeholder={text.placeholder}
          onChange={(event) => {
            setPrompt(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            ask();
          }}
        />
        {trial.isAsking ? (
          <button type="button" className="btn large" onClick={trial.stop}>
            <Square className="icon small" aria-hidden="true" /> {text.stop}
          </button>
        ) : (
          <Button type="submit" className="btn large" why={prompt.trim() === "" && text.noPrompt}>
            {text.ask}
          </Button>
        )}
      </form>
      <TrialSettings settings={settings} onChange={setSettings} />
      {trial.failure !== null && <Note kind="error">{trial.failure}</Note>}
      <div className="trial-sheets">
        {names.map((name, place) => (
          <Sheet
            key={place}
            place={place}
            name={name}
            policies={policies}
            trial={trial}
            onChoose={(chosen) => {
              setNames(names.map((one, i) => (i === place ? chosen : one)));
            }}
          />
        ))}
      </div>
    </section>
  );
}

type Settings = typeof USUAL;
type SettingsProps = { readonly settings: Settings; readonly onChange: (settings: Settings) => void };

const FIELDS = [
  { key: "temperature", min: 0, max: 5, step: 0.1 },
  { key: "maxNewTokens", min: 1, max: 8192, step: 1 },
  { key: "seed", min: 0, max: 4_294_967_295, step: 1 },
] as const;

function TrialSettings({ settings, onChange }: SettingsProps): ReactNode {
  return (
    <details className="trial-settings">
      <summary className="small-text ink-2">{text.settings}</summary>
      <div className="row wrap">
        {FIELDS.map(({ key, min, max, step }) => (
          <label key={key} className="row">
            {text[key]}
            <input
              type="number"
              className="field"
              min={min}
              max={max}
              step={step}
              value={settings[key]}
              onChange={(event) => {
                const value = event.currentTarget.valueAsNumber;
                if (value >= min && value <= max) onChange({ ...settings, [key]: value });
              }}
            />
          </label>
        ))}
      </div>
    </details>
  );
}

type SheetProps = {
  readonly place: number;
  readonly name: string;
  readonly policies: readonly PolicyView[];
  readonly trial: TrialWork;
  readonly onChoose: (name: string) => void;
};

function Sheet({ place, name, policies, trial, onChoose }: SheetProps): ReactNode {
  const said = trial.said.get(place);
  const { field, reason } = useResting(trial.isAsking && text.whileAsking);
  return (
    <article className="trial-sheet" aria-label={name}>
      <header className="row">
        <select
          className="select strong"
          aria-label={text.side(place)}
          value={name}
          {...field}
          onChange={(event) => {
            onChoose(event.currentTarget.value);
          }}
        >
          {policies.toReversed().map((policy) => (
            <option key={policy.id}>{policy.name}</option>
          ))}
        </select>
        {reason}
        <span className="grow" />
        <span className="small-text ink-3 figures">{said !== undefined && paceOf(said)}</span>
      </header>
      <div className="trial-text" tabIndex={0} role="region" aria-label={name}>
        <Said said={said} trial={trial} />
      </div>
    </article>
  );
}

function Said({ said, trial }: { readonly said: TrialView | undefined; readonly trial: TrialWork }): ReactNode {
  if (said === undefined) return <p className="ink-3">{trial.isAsking ? text.begin : text.nothing}</p>;
  if (said.finish === "tooLong") return <p className="ink-2">{said.text}</p>;
  return (
    <>
      <ResponseText text={said.text} />
      {said.finish === null && trial.isAsking && <span className="caret" role="status" aria-label={text.answering} />}
      {said.finish === null && !trial.isAsking && <p className="small-text ink-3">{text.stopped}</p>}
      {said.finish === "length" && <p className="small-text ink-3">{text.cut}</p>}
    </>
  );
}

function paceOf({ tokensPerSecond, tokens }: TrialView): string {
  return tokensPerSecond === 0 ? text.tokens(tokens) : text.pace(tokensPerSecond, tokens);
}
