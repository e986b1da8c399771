/** The set-up of an experiment as a screen of its own. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Loading } from "../design/empty-state.tsx";
import { Unread } from "../design/failed.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { experimentText } from "../text/experiments.ts";
import { setUpText as text } from "../text/set-up.ts";
import { SetUp } from "./set-up.tsx";

export function SetUpScreen(): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const start = useMutation(
    queries.rounds.start.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: queries.rounds.key() });
        await navigate({ to: "/rounds" });
      },
    }),
  );
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
        <span className="crumb">{experiment.data?.name}</span>
      </header>
      <div className="content" tabIndex={0} role="region" aria-label={text.title}>
        <Unread of={[experiment]} />
        {start.isError && <Note kind="error">{sentenceOf(start.error)}</Note>}
        {experiment.data === undefined && experiment.error === null && <Loading>{experimentText.reading}</Loading>}
        {experiment.data != null && (
          <SetUp
            experiment={experiment.data}
            isStarting={start.isPending}
            onStart={() => {
              start.mutate({});
            }}
          />
        )}
      </div>
    </main>
  );
}
