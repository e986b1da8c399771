/** Says what the deletion of a policy would take along, and asks before it does. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { DeletionView } from "#app/contract/policy-details.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { count } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { policiesText } from "../text/policies.ts";

const text = policiesText.remove;

export type DeletePolicyProps = {
  readonly policy: PolicyView;
  readonly deletion: DeletionView;
  /** Called when it is gone, with whether it can be put back: what a round made cannot, it can be made again. */
  readonly onDeleted: (canBePutBack: boolean) => void;
};

export function DeletePolicy({ policy, deletion, onDeleted }: DeletePolicyProps): ReactNode {
  const { queries } = useLab();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useMutation(
    queries.policies.remove.mutationOptions({
      onSuccess: () => {
        onDeleted(deletion.round === null);
        void navigate({ to: "/policies", search: {} });
      },
    }),
  );
  const { refusal, round, responses, judgments } = deletion;
  const consequence = round === null ? text.added(policy.name) : text.round(policy.name, round);
  const records = responses + judgments === 0 ? "" : ` ${text.records(count(responses), count(judgments))}`;
  return (
    <section aria-label={text.title} className="deletion">
      <h3>{text.title}</h3>
      {refusal !== null ? (
        <p className="ink-2">{sentenceOf(new Error(refusal))}</p>
      ) : (
        <>
          <p className="ink-2">
            {consequence}
            {records}
          </p>
          <Button
            className="btn danger"
            busy={remove.isPending}
            doing={text.deleting}
            onClick={() => {
              setIsAsking(true);
            }}
          >
            {text.button(policy.name)}
          </Button>
        </>
      )}
      {remove.isError && <Note kind="error">{sentenceOf(remove.error)}</Note>}
      <Dialog
        title={text.dialog(policy.name)}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
        width="28rem"
      >
        <p className="dialog-text">
          {consequence}
          {records}
        </p>
        <div className="dialog-actions">
          <button
            type="button"
            className="btn"
            data-autofocus
            onClick={() => {
              setIsAsking(false);
            }}
          >
            {text.keep}
          </button>
          <button
            type="button"
            className="btn danger"
            onClick={() => {
              setIsAsking(false);
              remove.mutate({ policy: policy.name });
            }}
          >
            {text.confirm(policy.name)}
          </button>
        </div>
      </Dialog>
    </section>
  );
}
