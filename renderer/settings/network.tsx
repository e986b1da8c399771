/** What may be spent, and what may leave the machine. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { BudgetView } from "#app/contract/endpoints.ts";
import { count, money } from "../design/format.ts";
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
  const forbid = useMutation(queries.settings.forbidHost.mutationOptions());
  const failure = budget.error ?? network.error ?? setOffline.error ?? forbid.error;
  return (
    <>
      {failure !== null && <Note kind="error">{sentenceOf(failure)}</Note>}
      {budget.data !== undefined && <Caps key={JSON.stringify(budget.data.caps)} budget={budget.data} />}
      {network.data !== undefined && (
        <>
          <label className="setting">
            <span>
              <b>{text.offline}</b>
              <span className="ink-3 small-text">{network.data.isForced ? text.forced : text.offlineSub}</span>
            </span>
            <input
              type="checkbox"
              role="switch"
              className="switch"
              checked={network.data.isOffline}
              disabled={network.data.isForced || setOffline.isPending}
              onChange={(event) => {
                setOffline.mutate({ isOffline: event.currentTarget.checked });
              }}
            />
          </label>
          <h3>{text.hosts}</h3>
          {network.data.allowedHosts.length === 0 && <p className="ink-2">{text.noHosts}</p>}
          {network.data.allowedHosts.map(({ host, prompts }) => (
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

function Caps({ budget }: { readonly budget: BudgetView }): ReactNode {
  const { queries } = useLab();
  const { caps, total } = budget;
  const [round, setRound] = useState(caps.roundUsd === null ? "" : String(caps.roundUsd));
  const [all, setAll] = useState(caps.totalUsd === null ? "" : String(caps.totalUsd));
  const save = useMutation(queries.settings.setCaps.mutationOptions());
  const wanted = { roundUsd: amount(round), totalUsd: amount(all) };
  const isValid = [wanted.roundUsd, wanted.totalUsd].every((value) => value === null || value >= 0);
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
          {text.stopSub(money(total.paidUsd + total.openUsd + total.unsureUsd))} {text.noCap}
        </span>
        {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
      </span>
      <span className="row">
        <label className="row no-wrap">
          {text.round}
          <input className="field money" inputMode="decimal" value={round} onChange={(event) => setRound(event.currentTarget.value)} />
        </label>
        <label className="row no-wrap">
          {text.total}
          <input className="field money" inputMode="decimal" value={all} onChange={(event) => setAll(event.currentTarget.value)} />
        </label>
        <button type="submit" className="btn" disabled={!isValid || !isChanged || save.isPending}>
          {text.save}
        </button>
      </span>
    </form>
  );
}

/** NaN for what is no amount, null for no limit. */
function amount(typed: string): number | null {
  return typed.trim() === "" ? null : Number(typed);
}
