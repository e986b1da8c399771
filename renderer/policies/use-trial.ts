/** A prompt put to one or two policies: what each has said so far, and a way to stop them. */
import { useEffect, useRef, useState } from "react";
import type { TrialView } from "#app/contract/policy-details.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";

export type TrialRequest = {
  readonly prompt: string;
  readonly policies: readonly string[];
  readonly temperature: number;
  readonly maxNewTokens: number;
  readonly seed: number;
};

export type TrialState = {
  /** By place. */
  readonly said: ReadonlyMap<number, TrialView>;
  readonly isAsking: boolean;
  readonly wasStopped: boolean;
  readonly failure: string | null;
};

const NOTHING: TrialState = { said: new Map(), isAsking: false, wasStopped: false, failure: null };

export type Trial = TrialState & { readonly ask: (request: TrialRequest) => void; readonly stop: () => void };

export function useTrial(): Trial {
  const { connection } = useLab();
  const [state, setState] = useState(NOTHING);
  const running = useRef<AbortController>(undefined);
  // Whoever leaves the screen stops the work.
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [],
  );

  const listen = async (request: TrialRequest, abort: AbortController): Promise<void> => {
    const events = await connection.client.policies.try({ ...request, policies: [...request.policies] }, { signal: abort.signal });
    for await (const trial of events) {
      if (abort.signal.aborted) return;
      setState((before) => ({ ...before, said: new Map(before.said).set(trial.place, trial) }));
    }
  };
  return {
    ...state,
    ask: (request) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      setState({ ...NOTHING, isAsking: true });
      listen(request, abort).then(
        () => {
          if (!abort.signal.aborted) setState((before) => ({ ...before, isAsking: false }));
        },
        (thrown: unknown) => {
          if (!abort.signal.aborted) setState((before) => ({ ...before, isAsking: false, failure: sentenceOf(thrown) }));
        },
      );
    },
    stop: () => {
      running.current?.abort();
      setState((before) => ({ ...before, isAsking: false, wasStopped: true }));
    },
  };
}
