/** What the AI judges of the experiment would take for a round, whom prompts go to, and what stands in the way; nothing is asked or sent. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JudgeForecast } from "#app/contract/rounds.ts";
import { Button } from "../design/button.tsx";
import { Unread } from "../design/failed.tsx";
import { money, span } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { setUpText } from "../text/set-up.ts";

const text = setUpText.judgeMoney;

/** Nothing where no AI judge is asked. */
export function JudgeMoney(): ReactNode {
  const { queries } = useLab();
  const reading = useQuery(queries.rounds.judgeForecast.queryOptions());
  const { data, error } = reading;
  if (error !== null) return <Unread of={[reading]} />;
  if (data == null) return null;
  return (
    <section aria-label={text.title} className="judge-money">
      <h4>{text.title}</h4>
      <p>{sentenceFor(data)}</p>
      <p className="ink-2">
        {data.capUsd === null ? text.noCap : text.cap(money(data.capUsd), money(data.spentUsd))} <Link to="/settings">{text.toCaps}</Link>
      </p>
      {data.hosts.map((host) => (
        <HostLine key={host.host} {...host} />
      ))}
      {data.problems.map((problem) => (
        <Note key={problem} kind="notice">
          {sentenceOf(new Error(problem))}
        </Note>
      ))}
    </section>
  );
}

function sentenceFor({ round, stages, costUsd, durationMs }: JudgeForecast): string {
  const requests = stages.reduce((sum, stage) => sum + stage.requests, 0);
  const most = stages.every((stage) => stage.maxCostUsd !== null) ? stages.reduce((sum, stage) => sum + (stage.maxCostUsd ?? 0), 0) : null;
  const measured = stages.every((stage) => stage.isMeasured || stage.requests === 0);
  const cost = costUsd === null ? text.costUnknown : text.cost(money(costUsd), most === null ? null : money(most));
  return `${text.calls(round, requests, span(durationMs))} ${cost} ${measured ? text.measured : text.guessed}`;
}

function HostLine({ host, prompts, isAllowed }: JudgeForecast["hosts"][number]): ReactNode {
  const { queries } = useLab();
  const allow = useMutation(queries.settings.allowHost.mutationOptions());
  if (isAllowed) return <p className="ink-2">{text.allowed(host)}</p>;
  return (
    <>
      <p className="row">
        <span className="grow">{text.goesTo(prompts, host)}</span>
        <Button
          className="btn"
          busy={allow.isPending}
          doing={text.allowing}
          onClick={() => {
            allow.mutate({ host });
          }}
        >
          {text.allow(host)}
        </Button>
      </p>
      {allow.isError && <Note kind="error">{sentenceOf(allow.error)}</Note>}
    </>
  );
}
