/** Choosing an oracle and what it goes by. */
import { type ReactNode, useId } from "react";
import type { OracleConfig } from "#app/domain/oracle.ts";
import { setUpText } from "../text/set-up.ts";
import { Labelled, Select, Whole } from "./fields.tsx";
import { type JudgeChoices, JudgeFields, JuryFields, LocalJudgeFields } from "./judge-fields.tsx";
import { defaultOracle, OFFERED_KINDS } from "./oracle-kinds.ts";

const text = setUpText.oracle;

export type OracleFormProps = {
  readonly oracle: OracleConfig;
  /** Of the experiment; before there is one, names are typed. */
  readonly choices?: JudgeChoices | undefined;
  readonly onChange: (oracle: OracleConfig) => void;
};

export function OracleForm({ oracle, choices, onChange }: OracleFormProps): ReactNode {
  const name = useId();
  const kinds = OFFERED_KINDS.some((kind) => kind === oracle.kind) ? OFFERED_KINDS : [...OFFERED_KINDS, oracle.kind];
  return (
    <div className="oracle-form">
      <div className="choices" role="radiogroup" aria-label={text.title}>
        {kinds.map((kind) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={name}
              checked={oracle.kind === kind}
              onChange={() => {
                onChange(defaultOracle(kind));
              }}
            />
            {text.kinds[kind]}
          </label>
        ))}
      </div>
      <p className="ink-2 small-text">{text.sentences[oracle.kind]}</p>
      <OracleFields oracle={oracle} choices={choices} onChange={onChange} />
    </div>
  );
}

function OracleFields({ oracle, choices, onChange }: OracleFormProps): ReactNode {
  switch (oracle.kind) {
    case "people":
      return (
        <Labelled label={text.guidelines}>
          {(id) => (
            <textarea
              id={id}
              className="field area"
              rows={4}
              value={oracle.guidelines}
              placeholder={text.guidelinesHint}
              onChange={(event) => {
                onChange({ ...oracle, guidelines: event.currentTarget.value });
              }}
            />
          )}
        </Labelled>
      );
    case "targetLength":
      return (
        <div className="row fields">
          <Whole
            label={text.target}
            value={oracle.target}
            max={100_000}
            onChange={(target) => {
              onChange({ ...oracle, target });
            }}
          />
          <Labelled label={text.unit}>
            {(id) => (
              <Select
                id={id}
                value={oracle.unit}
                options={["characters", "words", "tokens"]}
                names={text.units}
                onChange={(unit) => {
                  onChange({ ...oracle, unit });
                }}
              />
            )}
          </Labelled>
          <Noise oracle={oracle} onChange={onChange} />
        </div>
      );
    case "wordList":
      return (
        <>
          <Labelled label={text.words}>
            {(id) => (
              <textarea
                id={id}
                className="field area"
                rows={3}
                value={oracle.words.join("\n")}
                onChange={(event) => {
                  onChange({ ...oracle, words: event.currentTarget.value.split("\n") });
                }}
              />
            )}
          </Labelled>
          <div className="row fields">
            <Prefer oracle={oracle} onChange={onChange} />
            <Noise oracle={oracle} onChange={onChange} />
          </div>
        </>
      );
    case "regex":
      return (
        <div className="row fields">
          <Labelled label={text.pattern}>
            {(id) => (
              <input
                id={id}
                className="field mono"
                value={oracle.pattern}
                spellCheck={false}
                onChange={(event) => {
                  onChange({ ...oracle, pattern: event.currentTarget.value });
                }}
              />
            )}
          </Labelled>
          <Prefer oracle={oracle} onChange={onChange} />
          <Noise oracle={oracle} onChange={onChange} />
        </div>
      );
    case "judge":
      return <JudgeFields oracle={oracle} choices={choices} onChange={onChange} />;
    case "localJudge":
      return <LocalJudgeFields oracle={oracle} choices={choices} onChange={onChange} />;
    case "rubric":
      return (
        <div className="row fields">
          <Noise oracle={oracle} onChange={onChange} />
        </div>
      );
    case "jury":
      return (
        <JuryFields
          oracle={oracle}
          choices={choices}
          onChange={onChange}
          memberFields={(member, change) => <OracleFields oracle={member} choices={choices} onChange={change} />}
        />
      );
    case "preferenceMatrix":
      return null;
    default:
      return oracle satisfies never;
  }
}

type ScriptedProps<Kind extends OracleConfig["kind"]> = {
  readonly oracle: Extract<OracleConfig, { readonly kind: Kind }>;
  readonly onChange: (oracle: OracleConfig) => void;
};

function Prefer({ oracle, onChange }: ScriptedProps<"wordList" | "regex">): ReactNode {
  return (
    <Labelled label={text.prefer}>
      {(id) => (
        <Select
          id={id}
          value={oracle.prefer}
          options={["more", "fewer"]}
          names={text.preferences}
          onChange={(prefer) => {
            onChange({ ...oracle, prefer });
          }}
        />
      )}
    </Labelled>
  );
}

function Noise({ oracle, onChange }: ScriptedProps<"targetLength" | "wordList" | "regex" | "rubric">): ReactNode {
  return (
    <Whole
      label={text.noise}
      value={Math.round(100 * oracle.noise)}
      max={100}
      onChange={(noise) => {
        onChange({ ...oracle, noise: noise / 100 });
      }}
    />
  );
}
