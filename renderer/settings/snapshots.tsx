/** Which snapshot each judge is pinned to, and the way to accept another that it began to answer as. */
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed } from "../design/failed.tsx";
import { whenDone } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useNow } from "../design/use-now.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.judges.snapshots;

export function Snapshots(): ReactNode {
  const { queries } = useLab();
  const nowMs = useNow();
  const { data, error, isFetching, refetch } = useQuery(queries.settings.snapshots.queryOptions());
  const accept = useMutation(queries.settings.acceptSnapshot.mutationOptions({ onSettled: () => void refetch() }));
  if (error === null && (data === undefined || data.length === 0)) return null;
  return (
    <>
      <h3>{text.title}</h3>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />}
      {accept.error !== null && <Note kind="error">{sentenceOf(accept.error)}</Note>}
      <table className="table">
        <thead>
          <tr>
            <th>{text.columns.judge}</th>
            <th>{text.columns.snapshot}</th>
            <th>{text.columns.since}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {data?.map(({ endpoint, model, snapshot, firstSeenAtMs, isAccepted }) => (
            <tr key={`${endpoint} ${model} ${snapshot}`}>
              <td>
                <span className="strong">{endpoint}</span> <code>{model}</code>
              </td>
              <td>
                <code className="path">{snapshot}</code>
              </td>
              <td className="no-wrap ink-3">{whenDone(firstSeenAtMs, nowMs)}</td>
              <td className="no-wrap">
                {isAccepted ? (
                  <span className="ink-3">{text.pinned}</span>
                ) : (
                  <button
                    type="button"
                    className="btn"
                    disabled={accept.isPending}
                    onClick={() => {
                      accept.mutate({ endpoint, model, snapshot });
                    }}
                  >
                    {text.accept}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
