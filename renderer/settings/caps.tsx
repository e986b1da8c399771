/** The most that judges may cost, for a round and in all: checked while it is typed, saved together, and to be taken back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { BudgetView } from "#app/contract/endpoints.ts";
import type { Caps } from "#app/domain/endpoint.ts";
import { Button } from "../design/button.tsx";
import { money } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { UndoNote } from "../design/undo-note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.network;
const NO_CAPS: Caps = { roundUsd: null, totalUsd: null };

/** `budget`: undefined until the lab has said it. */
export function CapSettings({ budget }: { readonly budget: BudgetView | undefined }): ReactNode {
  const { queries } = useLab();
  const client = useQueryClient();
  const [saved, setSaved] = useState<{ readonly before: Caps; readonly caps: Caps } | null>(null);
  const { caps = NO_CAPS } = budget ?? {};
  const set = useMutation(
    queries.settings.setCaps.mutationOptions({
      onSuccess: (now) => {
        client.setQueryData(queries.settings.budget.queryKey(), now);
      },
    }),
  );
  const save = (wanted: Caps): void => {
    set.mutate(wanted, {
      onSuccess: () => {
        setSaved({ before: caps, caps: wanted });
      },
    });
  };
  const putAway = (): void => {
    setSaved(null);
  };
  return (
    <>
      <CapsForm budget={budget} isSaving={set.isPending} onType={putAway} onSave={save} />
      {set.isError && <Note kind="error">{sentenceOf(set.error)}</Note>}
      {saved !== null && isSame(saved.caps, caps) && (
        <UndoNote
          isBusy={set.isPending}
          onUndo={() => {
            set.mutate(saved.before, { onSuccess: putAway });
          }}
          onPutAway={putAway}
        >
          {text.saved(text.savedRound(inMoney(caps.roundUsd)), text.savedTotal(inMoney(caps.totalUsd)))}
        </UndoNote>
      )}
    </>
  );
}

/** Another page, or the terminal, may have set others since: those are not ours to take back. */
function isSame(one: Caps, other: Caps): boolean {
  return one.roundUsd === other.roundUsd && one.totalUsd === other.totalUsd;
}

function inMoney(usd: number | null): string | null {
  return usd === null ? null : money(usd);
}

type CapsFormProps = {
  readonly budget: BudgetView | undefined;
  readonly isSaving: boolean;
  readonly onType: () => void;
  readonly onSave: (caps: Caps) => void;
};

function CapsForm({ budget, isSaving, onType, onSave }: CapsFormProps): ReactNode {
  const { caps = NO_CAPS, total } = budget ?? {};
  const [round, setRound] = useState(typedOf(caps.roundUsd));
  const [all, setAll] = useState(typedOf(caps.totalUsd));
  const [shown, setShown] = useState(caps);
  // Saved, taken back, or set elsewhere: the fields follow, and stay the fields that they are.
  if (!isSame(shown, caps)) {
    setShown(caps);
    setRound(typedOf(caps.roundUsd));
    setAll(typedOf(caps.totalUsd));
  }
  const wanted = { roundUsd: amount(round), totalUsd: amount(all) };
  const isValid = !isWrong(wanted.roundUsd) && !isWrong(wanted.totalUsd);
  const isChanged = !isSame(wanted, caps);
  const shared = { isKnown: budget !== undefined, onType };
  return (
    <form
      className="setting"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid && isChanged) onSave(wanted);
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
      </span>
      <span className="row">
        <Cap {...shared} label={text.round} typed={round} isWrong={isWrong(wanted.roundUsd)} onChange={setRound} />
        <Cap {...shared} label={text.total} typed={all} isWrong={isWrong(wanted.totalUsd)} onChange={setAll} />
        <Button
          type="submit"
          className="btn"
          busy={isSaving && isChanged}
          doing={text.saving}
          why={!isValid ? text.notRight : !isChanged && designText.unchanged}
        >
          {text.save}
        </Button>
      </span>
    </form>
  );
}

type CapProps = {
  readonly label: string;
  readonly typed: string;
  readonly isWrong: boolean;
  readonly isKnown: boolean;
  readonly onType: () => void;
  readonly onChange: (typed: string) => void;
};

function Cap({ label, typed, isWrong: isInvalid, isKnown, onType, onChange }: CapProps): ReactNode {
  return (
    <label className="row no-wrap">
      {label}
      <input
        className="field money"
        inputMode="decimal"
        value={typed}
        readOnly={!isKnown}
        aria-invalid={isInvalid}
        onChange={(event) => {
          onType();
          onChange(event.currentTarget.value);
        }}
      />
    </label>
  );
}

function typedOf(usd: number | null): string {
  return usd === null ? "" : String(usd);
}

function isWrong(value: number | null): boolean {
  return value !== null && !(value >= 0);
}

/** NaN for what is no amount, null for no limit. */
function amount(typed: string): number | null {
  return typed.trim() === "" ? null : Number(typed);
}
