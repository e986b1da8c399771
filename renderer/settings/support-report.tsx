/** A redacted report for whoever helps, written to a file of the lab's machine. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { PathField } from "../design/path-field.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import { settingsText } from "../text/settings.ts";
import { upkeepText } from "../text/upkeep.ts";

const text = upkeepText.report;
const FILE = "nashlab-report.json.gz";

export function SupportReport(): ReactNode {
  const { queries } = useLab();
  const folder = useQuery(queries.settings.about.queryOptions()).data?.folder;
  const [typed, setTyped] = useState<string | null>(null);
  const [withErrors, setWithErrors] = useState(false);
  const pathId = useId();
  const write = useMutation(queries.settings.writeReport.mutationOptions());
  useActions(settingsText.title, [
    {
      id: "settings.report",
      label: text.write,
      run: () => {
        document.getElementById(pathId)?.focus();
      },
    },
  ]);
  const path = typed ?? (folder === undefined ? "" : `${folder}/${FILE}`);
  return (
    <form
      className="report-form"
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate({ path: path.trim(), withErrors });
      }}
    >
      <p className="ink-3">{text.sub}</p>
      <label htmlFor={pathId} className="strong">
        {text.path}
      </label>
      <PathField id={pathId} value={path} onType={setTyped} />
      <label className="setting">
        <span>
          <b>{text.withErrors}</b>
          <span className="ink-3 small-text">{text.withErrorsSub}</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          className="switch"
          checked={withErrors}
          onChange={(event) => {
            setWithErrors(event.currentTarget.checked);
          }}
        />
      </label>
      {write.isError && <Note kind="error">{sentenceOf(write.error)}</Note>}
      {write.isSuccess && <Note kind="plain">{text.written(write.data.path, write.data.parts.join(", "))}</Note>}
      <Button type="submit" className="btn" busy={write.isPending} doing={text.writing} why={path.trim() === "" && designText.noPlace}>
        {text.write}
      </Button>
    </form>
  );
}
