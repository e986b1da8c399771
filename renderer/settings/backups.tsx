/** Copies of the database: what there is, one more, and how one is put back. */
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { bytes, whenDone } from "../design/format.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Failed } from "../design/failed.tsx";
import { Note } from "../design/note.tsx";
import { useNow } from "../design/use-now.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.backups;

export function Backups(): ReactNode {
  const { queries } = useLab();
  const nowMs = useNow();
  const { data, error, isFetching, refetch } = useQuery(queries.settings.backups.queryOptions());
  const make = useMutation(queries.settings.backUp.mutationOptions({ onSuccess: () => void refetch() }));
  useActions(settingsText.title, [
    {
      id: "settings.backUp",
      label: text.make,
      run: () => {
        make.mutate(undefined);
      },
    },
  ]);
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />}
      {make.error !== null && <Note kind="error">{sentenceOf(make.error)}</Note>}
      {data === undefined && error === null && (
        <p className="ink-2" role="status">
          {text.reading}
        </p>
      )}
      {data?.length === 0 && <p className="ink-2">{text.none}</p>}
      {data !== undefined && data.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{text.columns.made}</th>
              <th className="number">{text.columns.size}</th>
              <th>{text.columns.path}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((copy) => (
              <tr key={copy.name}>
                <td className="no-wrap">{whenDone(copy.madeAtMs, nowMs)}</td>
                <td className="number no-wrap">{bytes(copy.sizeBytes)}</td>
                <td>
                  <code className="path">{copy.path}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button
        className="btn"
        busy={make.isPending}
        doing={text.making}
        onClick={() => {
          make.mutate(undefined);
        }}
      >
        {text.make}
      </Button>
      <p className="small-text ink-3">{text.restore}</p>
    </>
  );
}
