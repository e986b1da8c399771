/** Everyone against everyone as work to be done: what it would take, its progress, and the ways to stop it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { ComparisonPlan } from "#app/contract/result-views.ts";
import type { StageView } from "#app/contract/views.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Loading } from "../design/empty-state.tsx";
import { count, duration, money } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { ProgressBar } from "../design/progress-bar.tsx";
import { hasReason, type Why } from "../design/why.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { resultsText } from "../text/results.ts";

const text = resultsText.compare;

/** The button and its dialog. */
export function CompareButton({ why }: { readonly why: Why }): ReactNode {
  const { queries } = useLab();
  const [isOpen, setIsOpen] = useState(false);
  const client = useQueryClient();
  const plan = useQuery({ ...queries.results.comparisonPlan.queryOptions({ input: {} }), enabled: isOpen, gcTime: 0 });
  const start = useMutation(
    queries.results.compare.mutationOptions({
      onSuccess: () => {
        setIsOpen(false);
      },
      onSettled: async () => {
        await client.invalidateQueries({ queryKey: queries.results.key() });
      },
    }),
  );
  const close = (): void => {
    setIsOpen(false);
    start.reset();
  };
  const open = (): void => {
    setIsOpen(true);
  };
  useActions(resultsText.title, hasReason(why) ? [] : [{ id: "results.compare", label: text.title, run: open }]);
  const failure = plan.error ?? start.error;
  return (
    <>
      <Button className="btn" why={why} onClick={open}>
        {text.button}
      </Button>
      <Dialog title={text.title} isOpen={isOpen} onClose={close} width="34rem">
        {failure !== null && <Note kind="error">{sentenceOf(failure)}</Note>}
        {plan.data !== undefined ? <PlanText plan={plan.data} /> : plan.error === null && <Loading>{text.reading}</Loading>}
        <div className="dialog-actions">
          <button type="button" className="btn" onClick={close} data-autofocus>
            {text.cancel}
          </button>
          {(plan.data?.pairs.length ?? 0) > 0 && (
            <Button
              className="btn primary"
              busy={start.isPending}
              doing={text.starting}
              onClick={() => {
                start.mutate({});
              }}
            >
              {text.start}
            </Button>
          )}
        </div>
      </Dialog>
    </>
  );
}

function PlanText({ plan }: { readonly plan: ComparisonPlan }): ReactNode {
  if (plan.pairs.length === 0) return <p className="dialog-text">{text.nothing}</p>;
  const { rows, columns } = text;
  const time = (ms: number | null): string => (ms === null ? text.unknown : ms === 0 ? text.free : text.about(duration(ms)));
  return (
    <>
      <p className="dialog-text">{text.lead(plan.pairs.length, plan.split)}</p>
      <table className="table plan-table">
        <thead>
          <tr>
            <th>
              <span className="unseen">{text.title}</span>
            </th>
            <th className="number">{columns.amount}</th>
            <th className="number">{columns.time}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>{rows.samples}</td>
            <td className="number">{count(plan.samples)}</td>
            <td className="number">{time(plan.samplingMs)}</td>
          </tr>
          <tr>
            <td>{plan.isForPeople ? rows.people : rows.asks}</td>
            <td className="number">{text.atMost(count(plan.asks))}</td>
            <td className="number">{time(plan.judgingMs)}</td>
          </tr>
          {!plan.isForPeople && (
            <tr>
              <td>{rows.cost}</td>
              <td className="number">{plan.costUsd === null ? text.unknown : plan.costUsd === 0 ? text.free : text.about(money(plan.costUsd))}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
      {plan.isTestLook && <Note kind="notice">{text.testLook}</Note>}
      <details className="small-text ink-3 plan-pairs">
        <summary>{text.pairs(plan.pairs.length)}</summary>
        <p>{plan.pairs.map(({ first, second }) => `${first}–${second}`).join(", ")}</p>
      </details>
    </>
  );
}

/** The comparison that is under way or was interrupted. */
export function OpenComparison({ stage }: { readonly stage: StageView }): ReactNode {
  const { queries } = useLab();
  const client = useQueryClient();
  const onSettled = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: queries.results.key() });
  };
  const pause = useMutation(queries.rounds.pause.mutationOptions({ onSettled }));
  const goOn = useMutation(queries.results.compare.mutationOptions({ onSettled }));
  const giveUp = useMutation(queries.results.giveUpComparison.mutationOptions({ onSettled }));
  const isRunning = stage.state === "running" && !stage.waitsForPeople;
  const title = stage.waitsForPeople ? text.people : isRunning ? text.running : stage.state === "failed" ? text.failed : text.paused;
  const failure = goOn.error ?? giveUp.error ?? pause.error;
  return (
    <section className="panel open-comparison" aria-label={title}>
      <div className="grow">
        <h2>{title}</h2>
        <p className="ink-2">
          {stage.unitsTotal === null ? "" : text.progress(stage.unitsDone, stage.unitsTotal)}
          {stage.error === null ? "" : ` · ${stage.error}`}
        </p>
        <ProgressBar label={title} done={stage.unitsDone} total={stage.unitsTotal ?? 0} isResting={!isRunning} />
        {isRunning && stage.judgeSilence !== null && <Note kind="notice">{sentenceOf(stage.judgeSilence)}</Note>}
        {failure !== null && <Note kind="error">{sentenceOf(failure)}</Note>}
      </div>
      {stage.waitsForPeople && (
        <Link className="btn primary" to="/annotate">
          {text.judge}
        </Link>
      )}
      {isRunning && (
        <Button
          className="btn"
          busy={pause.isPending || stage.isPauseRequested}
          doing={text.pausing}
          onClick={() => {
            pause.mutate(undefined);
          }}
        >
          {text.pause}
        </Button>
      )}
      {!isRunning && !stage.waitsForPeople && (
        <Button
          className="btn primary"
          busy={goOn.isPending}
          doing={text.starting}
          onClick={() => {
            goOn.mutate({});
          }}
        >
          {text.goOn}
        </Button>
      )}
      {!isRunning && (
        <Button
          className="btn quiet"
          busy={giveUp.isPending}
          doing={text.givingUp}
          onClick={() => {
            giveUp.mutate(undefined);
          }}
        >
          {text.giveUp}
        </Button>
      )}
    </section>
  );
}
