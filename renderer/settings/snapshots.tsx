/** Which snapshot each judge is pinned to, and the way to accept another that it began to answer as, and to take that back. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "../design/button.tsx";
import { Failed } from "../design/failed.tsx";
import { whenDone } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { UndoNote } from "../design/undo-note.tsx";
import { useNow } from "../design/use-now.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.judges.snapshots;

type Snapshot = { readonly endpoint: string; readonly model: string; readonly snapshot: string };

export function Snapshots(): ReactNode {
  const { queries } = useLab();
  const nowMs = useNow();
  const { data, error, isFetching, refetch } = useQuery(queries.settings.snapshots.queryOptions());
  const [accepted, setAccepted] = useState<Snapshot | null>(null);
  const onSettled = (): void => void refetch();
  const accept = useMutation(
    queries.settings.acceptSnapshot.mutationOptions({
      onSettled,
      onSuccess: (_all, one) => {
        setAccepted(one);
      },
    }),
  );
  const withdraw = useMutation(
    queries.settings.withdrawSnapshot.mutationOptions({
      onSettled,
      onSuccess: () => {
        setAccepted(null);
      },
    }),
  );
  const failure = accept.error ?? withdraw.error;
  if (error === null && (data === undefined || data.length === 0)) return null;
  return (
    <>
      <h3>{text.title}</h3>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />}
      {failure !== null && <Note kind="error">{sentenceOf(failure)}</Note>}
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
                  <Button
                    className="btn"
                    why={accept.isPending && designText.underWay}
                    onClick={() => {
                      withdraw.reset();
                      accept.mutate({ endpoint, model, snapshot });
                    }}
                  >
                    {text.accept}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {accepted !== null && (
        <UndoNote
          isBusy={withdraw.isPending}
          onUndo={() => {
            withdraw.mutate(accepted);
          }}
          onPutAway={() => {
            setAccepted(null);
          }}
        >
          {text.accepted(accepted.model, accepted.snapshot)}
        </UndoNote>
      )}
    </>
  );
}
