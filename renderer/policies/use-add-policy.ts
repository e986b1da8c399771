/** Adding a policy by its path, or by its name on the hub: there its size and licence are read first, and fetching can be cancelled. */
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type { PolicySource } from "#app/contract/policies.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { isHubSource } from "#app/domain/hub-source.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";

export type HubModel = Extract<PolicySource, { readonly kind: "hub" }>;
export type Wanted = { readonly path: string; readonly name?: string };

export type AddPolicy = {
  /** What was found on the hub, and waits for a yes. */
  readonly found: { readonly wanted: Wanted; readonly model: HubModel } | null;
  readonly isLooking: boolean;
  readonly isAdding: boolean;
  readonly failure: string | null;
  /** Adds what lies on this machine; of a model on the hub it only says what it would take. */
  readonly begin: (wanted: Wanted) => void;
  /** Fetches and adds what was found. */
  readonly confirm: () => void;
  /** Ends what is under way; what was fetched of a file is gone on with the next time. */
  readonly cancel: () => void;
};

export function useAddPolicy(onAdded: (policy: PolicyView) => void): AddPolicy {
  const { queries } = useLab();
  const ending = useRef(new AbortController());
  const signal = (): AbortSignal => {
    ending.current = new AbortController();
    return ending.current.signal;
  };
  const look = useMutation({
    mutationFn: async (wanted: Wanted) => ({ wanted, model: await queries.policies.look.call({ path: wanted.path }, { signal: signal() }) }),
  });
  const add = useMutation({
    mutationFn: async ({ bytes, ...wanted }: Wanted & { readonly bytes: number }) =>
      await queries.policies.add.call({ ...wanted, confirmedBytes: bytes }, { signal: signal() }),
    onSuccess: onAdded,
  });
  const { data } = look;
  const found = data?.model.kind === "hub" ? { wanted: data.wanted, model: data.model } : null;
  const failed = [look, add].find((one) => one.isError);
  const reset = (): void => {
    look.reset();
    add.reset();
  };
  return {
    found,
    isLooking: look.isPending,
    isAdding: add.isPending,
    failure: failed === undefined ? null : sentenceOf(failed.error),
    begin: (wanted) => {
      reset();
      if (isHubSource(wanted.path)) look.mutate(wanted);
      else add.mutate({ ...wanted, bytes: 0 });
    },
    confirm: () => {
      if (found !== null) add.mutate({ ...found.wanted, bytes: found.model.missingBytes });
    },
    cancel: () => {
      ending.current.abort();
      reset();
    },
  };
}
