/** Makes one checkpoint of a policy's adapter and weights, and opens the policy that this is. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { PolicyView } from "#app/contract/views.ts";
import { Button } from "../design/button.tsx";
import { percent } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useLab, useNews } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { policiesText } from "../text/policies.ts";
import { shellText } from "../text/shell.ts";

const text = policiesText.merge;

/** Nothing for a policy without an adapter: it is one checkpoint already. */
export function MergePolicy({ policy }: { readonly policy: PolicyView }): ReactNode {
  const { queries } = useLab();
  const { policyProgress } = useNews();
  const navigate = useNavigate();
  const merge = useMutation(
    queries.policies.merge.mutationOptions({
      onSuccess: (merged) => {
        void navigate({ to: "/policies", search: { policy: merged.name } });
      },
    }),
  );
  if (policy.adapterHash === null) return null;
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      <p className="ink-2">{text.sentence}</p>
      <Button
        className="btn"
        busy={merge.isPending}
        doing={text.merging}
        onClick={() => {
          merge.mutate({ policy: policy.name });
        }}
      >
        {text.button(policy.name)}
      </Button>
      {merge.isPending && policyProgress !== null && (
        <p role="status" className="ink-2">
          {shellText.policyProgress(policyProgress.message, percent(policyProgress.share))}
        </p>
      )}
      {merge.isError && <Note kind="error">{sentenceOf(merge.error)}</Note>}
    </section>
  );
}
