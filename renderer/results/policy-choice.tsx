/** Which policy a person has chosen, with the reason, and the way to choose one: the lab advises, people decide. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { useAuthor } from "../annotate/preferences.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { dayOf } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { hasReason } from "../design/why.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { Fill } from "../text/fill.tsx";
import { resultsText } from "../text/results.ts";

const text = resultsText.choice;

export function PolicyChoice({ results }: { readonly results: ResultOverview }): ReactNode {
  const { queries } = useLab();
  const choice = useQuery(queries.results.chosen.queryOptions());
  const chosen = choice.data ?? null;
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    setOpen(true);
  };
  useActions(resultsText.title, choice.isPending ? [] : [{ id: "results.choose", label: text.title, run: open }]);
  return (
    <div className="policy-choice">
      {chosen === null ? (
        <Button className="btn" why={choice.isPending && text.reading} onClick={open}>
          {text.button}
        </Button>
      ) : (
        <>
          <p>
            <Fill
              text={text.chosen}
              values={{ author: chosen.author, policy: <span className="tag mono">{chosen.policy}</span>, reason: chosen.reason }}
            />{" "}
            <span className="ink-3">{dayOf(chosen.madeAtMs)}</span>
          </p>
          <button type="button" className="btn quiet" onClick={open}>
            {text.change}
          </button>
        </>
      )}
      <Dialog
        title={text.title}
        isOpen={isOpen}
        onClose={() => {
          setOpen(false);
        }}
        width="34rem"
      >
        <ChoiceForm
          results={results}
          chosen={chosen?.policy ?? null}
          onDone={() => {
            setOpen(false);
          }}
        />
      </Dialog>
    </div>
  );
}

type FormProps = { readonly results: ResultOverview; readonly chosen: string | null; readonly onDone: () => void };

function ChoiceForm({ results, chosen, onDone }: FormProps): ReactNode {
  const { queries } = useLab();
  const client = useQueryClient();
  const [known, setKnown] = useAuthor();
  const policies = results.players.filter((player) => player.kind === "policy").map((player) => player.name);
  const [policy, setPolicy] = useState(chosen ?? results.choice?.recommended ?? policies.at(-1) ?? "");
  const [reason, setReason] = useState("");
  const [author, setAuthor] = useState(known ?? "");
  const choose = useMutation(
    queries.results.choose.mutationOptions({
      onSuccess: async () => {
        setKnown(author.trim());
        await client.invalidateQueries({ queryKey: queries.results.chosen.key() });
        onDone();
      },
    }),
  );
  const [policyId, reasonId, authorId] = [useId(), useId(), useId()];
  const why = reason.trim() === "" ? text.noReason : author.trim() === "" && text.noAuthor;
  const send = (name: string | null): void => {
    if (!hasReason(why) && !choose.isPending) choose.mutate({ policy: name, reason: reason.trim(), author: author.trim() });
  };
  return (
    <form
      className="choice-form"
      onSubmit={(event) => {
        event.preventDefault();
        send(policy);
      }}
    >
      <p className="dialog-text">{results.choice === null ? text.lead : text.advice(results.choice.headline)}</p>
      <label htmlFor={policyId}>{text.policy}</label>
      <select
        id={policyId}
        className="select"
        value={policy}
        data-autofocus
        onChange={(event) => {
          setPolicy(event.currentTarget.value);
        }}
      >
        {policies.map((name) => (
          <option key={name} value={name}>
            {name === results.choice?.recommended ? text.recommended(name) : name}
          </option>
        ))}
      </select>
      <label htmlFor={reasonId}>{text.reason}</label>
      <textarea
        id={reasonId}
        className="field"
        rows={3}
        maxLength={2000}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <label htmlFor={authorId}>{text.author}</label>
      <input
        id={authorId}
        className="field"
        maxLength={200}
        autoComplete="off"
        value={author}
        onChange={(event) => {
          setAuthor(event.currentTarget.value);
        }}
      />
      {choose.error !== null && <Note kind="error">{sentenceOf(choose.error)}</Note>}
      <div className="dialog-actions">
        {chosen !== null && (
          <Button
            className="btn quiet"
            busy={choose.isPending}
            doing={text.keeping}
            why={why}
            onClick={() => {
              send(null);
            }}
          >
            {text.takeBack}
          </Button>
        )}
        <button type="button" className="btn" onClick={onDone}>
          {text.cancel}
        </button>
        <Button type="submit" className="btn primary" busy={choose.isPending} doing={text.keeping} why={why}>
          {text.confirm(policy)}
        </Button>
      </div>
    </form>
  );
}
