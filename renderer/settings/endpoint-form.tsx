/** An endpoint as it is typed: its address, what it may be asked, what its models cost; checked before it is kept. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { endpointSchema } from "#app/domain/endpoint.ts";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { issueSentence } from "./issue-sentence.ts";
import { type EndpointDraft, draftOf, endpointOf, type PriceDraft } from "./endpoint-draft.ts";

const text = settingsText.judges.form;

export type EndpointFormProps = {
  /** The one that is changed; undefined for a new one. */
  readonly endpoint: EndpointView | undefined;
  readonly onClose: () => void;
  /** `before`: as it was when the form was opened; undefined of a new one. */
  readonly onSaved: (saved: EndpointView, before: EndpointView | undefined) => void;
};

export function EndpointForm({ endpoint, onClose, onSaved }: EndpointFormProps): ReactNode {
  const { queries } = useLab();
  const [draft, setDraft] = useState(draftOf(endpoint));
  const [wrong, setWrong] = useState<{ readonly field: string; readonly sentence: string } | null>(null);
  const [before] = useState(endpoint);
  const save = useMutation(
    queries.settings.saveEndpoint.mutationOptions({
      onSuccess: (saved) => {
        onSaved(saved, before);
      },
    }),
  );
  const change = (part: Partial<EndpointDraft>): void => {
    setDraft({ ...draft, ...part });
  };
  const submit = (): void => {
    const checked = endpointSchema.safeParse(endpointOf(draft));
    const [issue] = checked.error?.issues ?? [];
    const field = String(issue?.path[0] ?? "");
    setWrong(issue === undefined ? null : { field, sentence: issueSentence(issue, labelOf(issue.path)) });
    if (checked.success) save.mutate(checked.data);
  };
  return (
    <form
      className="endpoint-form"
      aria-label={endpoint === undefined ? text.add : text.change(endpoint.name)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {ROWS.map(([field, help]) => (
        <Row
          key={field}
          label={LABELS[field]}
          help={help}
          value={draft[field]}
          isReadOnly={field === "name" && endpoint !== undefined}
          isWrong={wrong?.field === field}
          onChange={(typed) => change({ [field]: typed })}
        />
      ))}
      <Prices prices={draft.prices} onChange={(prices) => change({ prices })} />
      <label className="setting">
        <span>
          <b>{text.idempotency}</b>
          <span className="ink-3 small-text">{text.idempotencyHelp}</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          className="switch"
          checked={draft.honoursIdempotency}
          onChange={(event) => change({ honoursIdempotency: event.currentTarget.checked })}
        />
      </label>
      {wrong !== null && <Note kind="error">{wrong.sentence}</Note>}
      {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
      <p className="row end">
        <button type="button" className="btn" onClick={onClose}>
          {settingsText.judges.cancel}
        </button>
        <Button type="submit" className="btn primary" busy={save.isPending} doing={settingsText.judges.keeping}>
          {settingsText.judges.keep}
        </Button>
      </p>
    </form>
  );
}

const LABELS = {
  name: text.name,
  baseUrl: text.address,
  requestsPerMinute: text.perMinute,
  tokensPerMinute: text.tokens,
  parallel: text.parallel,
} as const;

const ROWS = [
  ["name", text.nameHelp],
  ["baseUrl", text.addressHelp],
  ["requestsPerMinute", text.empty],
  ["tokensPerMinute", text.empty],
  ["parallel", text.parallelHelp],
] as const;

/** What the form calls what the schema names. */
function labelOf(path: readonly PropertyKey[]): string {
  const labels: Readonly<Record<string, string>> = {
    ...LABELS,
    prices: text.prices,
    model: text.model,
    inputUsdPerMillion: text.input,
    outputUsdPerMillion: text.output,
  };
  return path
    .filter((part) => typeof part === "string")
    .map((part) => labels[part] ?? part)
    .join(", ");
}

type RowProps = {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  readonly isWrong: boolean;
  readonly onChange: (value: string) => void;
};

function Row({ label, help, value, isReadOnly, isWrong, onChange }: RowProps): ReactNode {
  return (
    <label className="setting">
      <span>
        <b>{label}</b>
        <span className="ink-3 small-text">{help}</span>
      </span>
      <input
        className="field wide-value"
        value={value}
        readOnly={isReadOnly}
        aria-invalid={isWrong}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </label>
  );
}

const NO_PRICE: PriceDraft = { model: "", input: "", output: "" };

function Prices({
  prices,
  onChange,
}: {
  readonly prices: readonly PriceDraft[];
  readonly onChange: (prices: readonly PriceDraft[]) => void;
}): ReactNode {
  const id = useId();
  return (
    <fieldset aria-describedby={id}>
      <legend>{text.prices}</legend>
      <p id={id} className="ink-3 small-text">
        {text.pricesHelp}
      </p>
      {prices.map((price, i) => (
        <p key={i} className="row price">
          <Cell label={text.model} value={price.model} isWide onChange={(model) => onChange(prices.with(i, { ...price, model }))} />
          <Cell label={text.input} value={price.input} onChange={(input) => onChange(prices.with(i, { ...price, input }))} />
          <Cell label={text.output} value={price.output} onChange={(output) => onChange(prices.with(i, { ...price, output }))} />
          <button type="button" className="btn quiet" onClick={() => onChange(prices.toSpliced(i, 1))}>
            {settingsText.judges.remove}
          </button>
        </p>
      ))}
      <button type="button" className="btn" onClick={() => onChange([...prices, NO_PRICE])}>
        {text.addPrice}
      </button>
    </fieldset>
  );
}

type CellProps = { readonly label: string; readonly value: string; readonly isWide?: boolean; readonly onChange: (value: string) => void };

function Cell({ label, value, isWide = false, onChange }: CellProps): ReactNode {
  return (
    <label className={isWide ? "row grow" : "row"}>
      {label}
      <input
        className={isWide ? "field grow" : "field money"}
        value={value}
        inputMode={isWide ? "text" : "decimal"}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </label>
  );
}
