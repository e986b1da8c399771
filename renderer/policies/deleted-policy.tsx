/** Says that a policy is gone, for as long as the screen is shown or until it is put away, with the way to put it back. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useUndo } from "../commands/use-undo.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { policiesText as text } from "../text/policies.ts";

export type Deleted = { readonly name: string; readonly canBePutBack: boolean };

export type DeletedPolicyProps = { readonly deleted: Deleted; readonly onPutAway: () => void };

export function DeletedPolicy({ deleted: { name, canBePutBack }, onPutAway }: DeletedPolicyProps): ReactNode {
  const { queries } = useLab();
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMutation(
    queries.policies.restore.mutationOptions({
      onSuccess: () => {
        onPutAway();
        void navigate({ to: "/policies", search: { policy: name } });
      },
    }),
  );
  const putBack = (): void => {
    mutate({ policy: name });
  };
  useUndo(canBePutBack && !isPending ? putBack : undefined);
  return (
    <div className="toast" role="status">
      <div>
        <p>{canBePutBack ? text.deleted(name) : text.deletedWithRound(name, text.runOn)}</p>
        {error !== null && <Note kind="error">{sentenceOf(error)}</Note>}
      </div>
      {canBePutBack && (
        <Button className="btn" busy={isPending} doing={text.puttingBack} ref={takeFocus} onClick={putBack}>
          {text.undo}
        </Button>
      )}
      <button type="button" className="btn quiet icon-only" aria-label={text.putAway} onClick={onPutAway}>
        <X className="icon" aria-hidden="true" />
      </button>
    </div>
  );
}

/** The button that deleted is gone with its policy: the focus would be nowhere. */
function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus({ preventScroll: true });
}
