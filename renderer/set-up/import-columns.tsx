/** Which column of a data file is taken for what: chosen by a person where recognition is not sure, or wrong. */
import type { ReactNode } from "react";
import type { ColumnChoiceInput, ImportLook } from "#app/contract/imports.ts";
import { importText as text } from "../text/import.ts";

export type ColumnChoice = ColumnChoiceInput;

const ROLES = ["prompt", "teacher", "chosen", "rejected", "split"] as const;

export type ImportColumnsProps = { readonly look: ImportLook; readonly chosen: ColumnChoice; readonly onChoose: (columns: ColumnChoice) => void };

export function ImportColumns({ look, chosen, onChoose }: ImportColumnsProps): ReactNode {
  if (look.columns.length === 0) return null;
  return (
    <details open={look.shapes.length === 0 || Object.keys(chosen).length > 0}>
      <summary>{text.columns}</summary>
      <div className="row fields">
        {ROLES.map((role) => (
          <label key={role} className="labelled">
            <span className="small-text">{text.roles[role]}</span>
            <select
              className="select"
              value={chosen[role] ?? ""}
              onChange={(event) => {
                const { value } = event.currentTarget;
                const rest = Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== role));
                onChoose(value === "" ? rest : { ...rest, [role]: value });
              }}
            >
              <option value="">{text.recognised}</option>
              {look.columns.map(({ name, example }) => (
                <option key={name} value={name} title={example}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </details>
  );
}
