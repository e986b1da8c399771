/** An endpoint as it is typed: its address, what it may be asked, what its models cost; checked before it is kept. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { endpointSchema } from "#app/domain/endpoint.ts";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { type EndpointDraft, draftOf, endpointOf, type PriceDraft } from "./endpoint-draft.ts";

const text = settingsText.judges.form;

export type EndpointFormProps = {
  /** The one that is changed; undefined for a new one. */
  readonly endpoint: EndpointView | undefined;
  readonly onClose: () => void;
};

export function EndpointForm({ endpoint, onClose }: EndpointFormProps): ReactNode {
  const { queries } = useLab();
  const [draft, setDraft] = useState(draftOf(endpoint));
  const [wrong, setWrong] = useState<string | null>(null);
  const save = useMutation(queries.settings.saveEndpoint.mutationOptions({ onSuccess: onClose }));
  const change = (part: Partial<EndpointDraft>): void => {
    setDraft({ ...draft, ...part });
  };
  const submit = (): void => {
    const checked = endpointSchema.safeParse(endpointOf(draft));
    const [issue] = checked.error?.issues ?? [];
    setWrong(issue === undefined ? null : settingsText.experiment.wrong(issue.path.join("."), issue.message));
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
      <Row label={text.name} help={text.nameHelp} value={draft.name} isReadOnly={endpoint !== undefined} onChange={(name) => change({ name })} />
      <Row label={text.address} help={text.addressHelp} value={draft.baseUrl} onChange={(baseUrl) => change({ baseUrl })} />
      <Row label={text.perMinute} help={text.empty} value={draft.requestsPerMinute} onChange={(requestsPerMinute) => change({ requestsPerMinute })} />
      <Row label={text.tokens} help={text.empty} value={draft.tokensPerMinute} onChange={(tokensPerMinute) => change({ tokensPerMinute })} />
      <Row label={text.parallel} help={text.parallelHelp} value={draft.parallel} onChange={(parallel) => change({ parallel })} />
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
      {wrong !== null && <Note kind="error">{wrong}</Note>}
      {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
      <p className="row end">
        <button type="button" className="btn" onClick={onClose}>
          {settingsText.judges.cancel}
        </button>
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {settingsText.judges.keep}
        </button>
      </p>
    </form>
  );
}

type RowProps = {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly isReadOnly?: boolean;
  readonly onChange: (value: string) => void;
};

function Row({ label, help, value, isReadOnly = false, onChange }: RowProps): ReactNode {
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
