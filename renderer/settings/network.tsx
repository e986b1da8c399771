/** What may be spent, and what may leave the machine. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useActions } from "../commands/use-actions.ts";
import { Unread } from "../design/failed.tsx";
import { UndoNote } from "../design/undo-note.tsx";
import { Note } from "../design/note.tsx";
import { useResting } from "../design/why.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { CapSettings } from "./caps.tsx";

const text = settingsText.network;

export function Network(): ReactNode {
  const { queries } = useLab();
  const budget = useQuery(queries.settings.budget.queryOptions());
  const network = useQuery(queries.settings.network.queryOptions());
  const setOffline = useMutation(queries.settings.setOffline.mutationOptions());
  const [forbidden, setForbidden] = useState<string | null>(null);
  const forbid = useMutation(
    queries.settings.forbidHost.mutationOptions({
      onSuccess: (_now, { host }) => {
        setForbidden(host);
      },
    }),
  );
  const allow = useMutation(
    queries.settings.allowHost.mutationOptions({
      onSuccess: () => {
        setForbidden(null);
      },
    }),
  );
  const failure = setOffline.error ?? forbid.error ?? allow.error;
  const { isOffline = false, isForced = false, allowedHosts } = network.data ?? {};
  const { field, reason } = useResting(network.data === undefined ? settingsText.whileReading : isForced && text.isForced);
  useActions(
    settingsText.title,
    network.data === undefined || isForced
      ? []
      : [
          {
            id: "settings.offline",
            label: isOffline ? text.goOnline : text.goOffline,
            run: () => {
              setOffline.mutate({ isOffline: !isOffline });
            },
          },
        ],
  );
  return (
    <>
      {failure !== null && <Note kind="error">{sentenceOf(failure)}</Note>}
      <Unread of={[budget, network]} />
      {(budget.data !== undefined || budget.error === null) && <CapSettings budget={budget.data} />}
      {(network.data !== undefined || network.error === null) && (
        <>
          <label className="setting">
            <span>
              <b>{text.offline}</b>
              <span className="ink-3 small-text">{isForced ? text.forced : text.offlineSub}</span>
            </span>
            <input
              type="checkbox"
              role="switch"
              className="switch"
              checked={isOffline}
              {...field}
              onChange={(event) => {
                setOffline.mutate({ isOffline: event.currentTarget.checked });
              }}
            />
            {reason}
          </label>
          <h3>{text.hosts}</h3>
          {forbidden !== null && (
            <UndoNote
              isBusy={allow.isPending}
              onUndo={() => {
                allow.mutate({ host: forbidden });
              }}
              onPutAway={() => {
                setForbidden(null);
              }}
            >
              {text.forbidden(forbidden)}
            </UndoNote>
          )}
          {allowedHosts === undefined && (
            <p className="ink-2" role="status">
              {settingsText.reading}
            </p>
          )}
          {allowedHosts?.length === 0 && <p className="ink-2">{text.noHosts}</p>}
          {allowedHosts?.map(({ host, prompts }) => (
            <p key={host} className="row">
              <span className="grow">{text.host(host, prompts)}</span>
              <button
                type="button"
                className="btn quiet"
                onClick={() => {
                  forbid.mutate({ host });
                }}
              >
                {text.forbid}
              </button>
            </p>
          ))}
        </>
      )}
    </>
  );
}
