/** The fields that forms of an oracle are made of, each with its label. */
import { type ReactNode, useId } from "react";

export function Labelled({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

type WordsProps = {
  readonly label: string;
  readonly value: string;
  /** What it usually is; anything else may be typed. */
  readonly offered?: readonly string[];
  readonly onChange: (value: string) => void;
};

export function Words({ label, value, offered = [], onChange }: WordsProps): ReactNode {
  const listId = useId();
  return (
    <Labelled label={label}>
      {(id) => (
        <>
          <input
            id={id}
            className="field"
            value={value}
            list={offered.length === 0 ? undefined : listId}
            spellCheck={false}
            onChange={(event) => {
              onChange(event.currentTarget.value);
            }}
          />
          {offered.length > 0 && (
            <datalist id={listId}>
              {offered.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Labelled>
  );
}

type WholeProps = { readonly label: string; readonly value: number; readonly max: number; readonly onChange: (value: number) => void };

export function Whole({ label, value, max, onChange }: WholeProps): ReactNode {
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
  readonly names?: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
};

/** A value that is none of the options stands among them: it may come from a file. */
export function Select<Value extends string>({ id, value, options, names, onChange }: SelectProps<Value>): ReactNode {
  const shown = options.includes(value) ? options : [value, ...options];
  return (
    <select
      id={id}
      className="field"
      value={value}
      onChange={(event) => {
        const next = shown.find((option) => option === event.currentTarget.value);
        if (next !== undefined) onChange(next);
      }}
    >
      {shown.map((option) => (
        <option key={option} value={option}>
          {names?.[option] ?? option}
        </option>
      ))}
    </select>
  );
}
