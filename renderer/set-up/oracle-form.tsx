/** Choosing an oracle and what it goes by. */
import { type ReactNode, useId } from "react";
import type { OracleConfig } from "#app/domain/oracle.ts";
import { setUpText } from "../text/set-up.ts";
import { defaultOracle, OFFERED_KINDS } from "./oracle-kinds.ts";

const text = setUpText.oracle;

export type OracleFormProps = {
  readonly oracle: OracleConfig;
  readonly onChange: (oracle: OracleConfig) => void;
};

export function OracleForm({ oracle, onChange }: OracleFormProps): ReactNode {
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
      <OracleFields oracle={oracle} onChange={onChange} />
    </div>
  );
}

function OracleFields({ oracle, onChange }: OracleFormProps): ReactNode {
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
      return (
        <>
          <div className="row fields">
            <Words
              label={text.endpoint}
              value={oracle.endpoint}
              onChange={(endpoint) => {
                onChange({ ...oracle, endpoint });
              }}
            />
            <Words
              label={text.model}
              value={oracle.model}
              onChange={(model) => {
                onChange({ ...oracle, model });
              }}
            />
          </div>
          <p className="small-text ink-3">{text.endpointHint}</p>
        </>
      );
    case "localJudge":
      return (
        <div className="row fields">
          <Words
            label={text.judgingPolicy}
            value={oracle.policy}
            onChange={(policy) => {
              onChange({ ...oracle, policy });
            }}
          />
        </div>
      );
    case "rubric":
      return (
        <div className="row fields">
          <Noise oracle={oracle} onChange={onChange} />
        </div>
      );
    case "preferenceMatrix":
    case "jury":
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

function Labelled({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

type WordsProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };

function Words({ label, value, onChange }: WordsProps): ReactNode {
  return (
    <Labelled label={label}>
      {(id) => (
        <input
          id={id}
          className="field"
          value={value}
          spellCheck={false}
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      )}
    </Labelled>
  );
}

type WholeProps = { readonly label: string; readonly value: number; readonly max: number; readonly onChange: (value: number) => void };

function Whole({ label, value, max, onChange }: WholeProps): ReactNode {
  return (
    <Labelled label={label}>
      {(id) => (
        <input
          id={id}
          className="field number"
          type="number"
          min={0}
          max={max}
          value={value}
          onChange={(event) => {
            const next = event.currentTarget.valueAsNumber;
            if (Number.isInteger(next) && next >= 0 && next <= max) onChange(next);
          }}
        />
      )}
    </Labelled>
  );
}

type SelectProps<Value extends string> = {
  readonly id: string;
  readonly value: Value;
  readonly options: readonly Value[];
  readonly names: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
};

function Select<Value extends string>({ id, value, options, names, onChange }: SelectProps<Value>): ReactNode {
  return (
    <select
      id={id}
      className="field"
      value={value}
      onChange={(event) => {
        const next = options.find((option) => option === event.currentTarget.value);
        if (next !== undefined) onChange(next);
      }}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {names[option]}
        </option>
      ))}
    </select>
  );
}
