/** The experiment's most used settings, each with what it does; checked before they are saved. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { readSetting, withSetting } from "./setting-paths.ts";

const text = settingsText.experiment;
type Path = keyof typeof text.help;
const PATHS = Object.keys(text.help) as Path[]; // the keys of an object literal are just these
const GROUPS = ["sampling", "judging", "training", "evaluation"] as const;

export function ExperimentSettings(): ReactNode {
  const { queries } = useLab();
  const { data } = useQuery(queries.experiments.get.queryOptions());
  if (data === undefined) return null;
  if (data === null) return <p className="ink-2">{text.none}</p>;
  return <SettingsForm key={JSON.stringify(data.config)} config={data.config} />;
}

function SettingsForm({ config }: { readonly config: ExperimentConfig }): ReactNode {
  const { queries } = useLab();
  const [edits, setEdits] = useState<ReadonlyMap<Path, string>>(new Map());
  const [wrong, setWrong] = useState<string | null>(null);
  const save = useMutation(queries.experiments.configure.mutationOptions());
  const submit = (): void => {
    const changed = [...edits].reduce<unknown>((all, [path, typed]) => withSetting(all, path, typed), config);
    const checked = experimentConfigSchema.safeParse(changed);
    const [issue] = checked.error?.issues ?? [];
    setWrong(issue === undefined ? null : text.wrong(issue.path.join("."), issue.message));
    if (checked.success) save.mutate({ config: checked.data });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="ink-3">{text.sub}</p>
      {GROUPS.map((group) => (
        <fieldset key={group}>
          <legend>{text.groups[group]}</legend>
          {PATHS.filter((path) => path.startsWith(`${group}.`) && readSetting(config, path) !== undefined).map((path) => (
            <label key={path} className="setting">
              <span>
                <code>{path}</code>
                <span className="ink-3 small-text">{text.help[path]}</span>
              </span>
              <input
                className="field value"
                value={edits.get(path) ?? String(readSetting(config, path))}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => {
                  setEdits(new Map(edits).set(path, event.currentTarget.value));
                }}
              />
            </label>
          ))}
        </fieldset>
      ))}
      {wrong !== null && <Note kind="error">{wrong}</Note>}
      {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
      <p className="row end">
        {save.isSuccess && edits.size === 0 && <span className="ink-2">{text.saved}</span>}
        <button
          type="button"
          className="btn"
          disabled={edits.size === 0}
          onClick={() => {
            setEdits(new Map());
            setWrong(null);
          }}
        >
          {text.undo}
        </button>
        <button type="submit" className="btn primary" disabled={edits.size === 0 || save.isPending}>
          {save.isPending ? text.saving : text.save}
        </button>
      </p>
    </form>
  );
}
