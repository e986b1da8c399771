/** What may be spent, and what may leave the machine. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { BudgetView } from "#app/contract/endpoints.ts";
import { count, money } from "../design/format.ts";
import { useActions } from "../commands/use-actions.ts";
import { Failed } from "../design/failed.tsx";
import { UndoNote } from "../design/undo-note.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

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
  const unread = [budget, network].find(({ error }) => error !== null);
  const failure = setOffline.error ?? forbid.error ?? allow.error;
  const { isOffline = false, isForced = false, allowedHosts } = network.data ?? {};
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
      {unread !== undefined && <Failed error={unread.error} isAsking={unread.isFetching} onAgain={() => void unread.refetch()} />}
      {(budget.data !== undefined || budget.error === null) && <Caps key={JSON.stringify(budget.data?.caps)} budget={budget.data} />}
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
              disabled={network.data === undefined || isForced || setOffline.isPending}
              onChange={(event) => {
                setOffline.mutate({ isOffline: event.currentTarget.checked });
              }}
            />
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
              <span className="grow">{text.host(host, count(prompts))}</span>
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

const NO_CAPS = { roundUsd: null, totalUsd: null };

/** Undefined until the lab has said what the caps are. */
function Caps({ budget }: { readonly budget: BudgetView | undefined }): ReactNode {
  const { queries } = useLab();
  const { caps = NO_CAPS, total } = budget ?? {};
  const [round, setRound] = useState(caps.roundUsd === null ? "" : String(caps.roundUsd));
  const [all, setAll] = useState(caps.totalUsd === null ? "" : String(caps.totalUsd));
  const save = useMutation(queries.settings.setCaps.mutationOptions());
  const wanted = { roundUsd: amount(round), totalUsd: amount(all) };
  const isValid = !isWrong(wanted.roundUsd) && !isWrong(wanted.totalUsd);
  const isChanged = wanted.roundUsd !== caps.roundUsd || wanted.totalUsd !== caps.totalUsd;
  return (
    <form
      className="setting"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid && isChanged) save.mutate(wanted);
      }}
    >
      <span>
        <b>{text.stop}</b>
        <span className="ink-3 small-text">
          {isValid ? (
            `${text.stopSub(total === undefined ? "…" : money(total.paidUsd + total.openUsd + total.unsureUsd))} ${text.noCap}`
          ) : (
            <span className="failure" role="alert">
              {text.capsWrong}
            </span>
          )}
        </span>
        {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
      </span>
      <span className="row">
        <Cap label={text.round} typed={round} isWrong={isWrong(wanted.roundUsd)} isKnown={budget !== undefined} onType={setRound} />
        <Cap label={text.total} typed={all} isWrong={isWrong(wanted.totalUsd)} isKnown={budget !== undefined} onType={setAll} />
        <button type="submit" className="btn" disabled={!isValid || !isChanged || save.isPending}>
          {text.save}
        </button>
      </span>
    </form>
  );
}

type CapProps = {
  readonly label: string;
  readonly typed: string;
  readonly isWrong: boolean;
  readonly isKnown: boolean;
  readonly onType: (typed: string) => void;
};

function Cap({ label, typed, isWrong: isInvalid, isKnown, onType }: CapProps): ReactNode {
  return (
    <label className="row no-wrap">
      {label}
      <input
        className="field money"
        inputMode="decimal"
        value={typed}
        disabled={!isKnown}
        aria-invalid={isInvalid}
        onChange={(event) => {
          onType(event.currentTarget.value);
        }}
      />
    </label>
  );
}

function isWrong(value: number | null): boolean {
  return value !== null && !(value >= 0);
}

/** NaN for what is no amount, null for no limit. */
function amount(typed: string): number | null {
  return typed.trim() === "" ? null : Number(typed);
}
