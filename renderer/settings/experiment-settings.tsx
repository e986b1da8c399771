/** The experiment's most used settings, each with what it does; checked before they are saved. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { useUndo } from "../commands/use-undo.ts";
import { Button } from "../design/button.tsx";
import { Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import { settingsText } from "../text/settings.ts";
import { issueSentence } from "./issue-sentence.ts";
import { readSetting, withSetting } from "./setting-paths.ts";

const text = settingsText.experiment;
type Path = keyof typeof text.help;
const PATHS = Object.keys(text.help) as Path[]; // the keys of an object literal are just these
const GROUPS = ["sampling", "judging", "training", "evaluation"] as const;

export function ExperimentSettings(): ReactNode {
  const { queries } = useLab();
  const { data, error, isFetching, refetch } = useQuery(queries.experiments.get.queryOptions());
  const [replaced, setReplaced] = useState<ExperimentConfig | null>(null);
  if (data === undefined) {
    return error === null ? <Loading>{text.reading}</Loading> : <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />;
  }
  if (data === null) return <p className="ink-2">{text.none}</p>;
  return <SettingsForm key={JSON.stringify(data.config)} config={data.config} replaced={replaced} onReplaced={setReplaced} />;
}

type SettingsFormProps = {
  readonly config: ExperimentConfig;
  /** What held before the last save, for as long as that can be undone; the form itself is made anew by each. */
  readonly replaced: ExperimentConfig | null;
  readonly onReplaced: (config: ExperimentConfig | null) => void;
};

function SettingsForm({ config, replaced, onReplaced }: SettingsFormProps): ReactNode {
  const { queries } = useLab();
  const [edits, setEdits] = useState<ReadonlyMap<Path, string>>(new Map());
  const [wrong, setWrong] = useState<{ readonly path: string; readonly sentence: string } | null>(null);
  const save = useMutation(
    queries.experiments.configure.mutationOptions({
      onSuccess: () => {
        setEdits(new Map());
        onReplaced(replaced === null ? config : null);
      },
    }),
  );
  const undo = (): void => {
    if (replaced !== null) save.mutate({ config: replaced });
  };
  useUndo(replaced === null || edits.size > 0 || save.isPending ? undefined : undo);
  const submit = (): void => {
    const changed = [...edits].reduce<unknown>((all, [path, typed]) => withSetting(all, path, typed), config);
    const checked = experimentConfigSchema.safeParse(changed);
    const [issue] = checked.error?.issues ?? [];
    const path = issue?.path.join(".") ?? "";
    setWrong(issue === undefined ? null : { path, sentence: issueSentence(issue, path) });
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
                aria-invalid={wrong?.path === path}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => {
                  setEdits(new Map(edits).set(path, event.currentTarget.value));
                  onReplaced(null);
                }}
              />
            </label>
          ))}
        </fieldset>
      ))}
      {wrong !== null && <Note kind="error">{wrong.sentence}</Note>}
      {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
      <p className="row end">
        {replaced !== null && edits.size === 0 && (
          <span className="row" role="status">
            <span className="ink-2">{text.saved}</span>
            <Button className="btn" busy={save.isPending} doing={designText.undoing} onClick={undo}>
              {designText.undo}
            </Button>
          </span>
        )}
        <Button
          className="btn"
          why={edits.size === 0 && designText.unchanged}
          onClick={() => {
            setEdits(new Map());
            setWrong(null);
          }}
        >
          {text.undo}
        </Button>
        <Button
          type="submit"
          className="btn primary"
          busy={save.isPending && edits.size > 0}
          doing={text.saving}
          why={edits.size === 0 && designText.unchanged}
        >
          {text.save}
        </Button>
      </p>
    </form>
  );
}
