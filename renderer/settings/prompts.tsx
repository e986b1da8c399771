/** The experiment's prompts: how many, and more of them at any time. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLab } from "../lab-client/lab-context.tsx";
import { PromptImport } from "../set-up/prompt-import.tsx";
import { useImport } from "../set-up/use-import.ts";
import { settingsText } from "../text/settings.ts";

export function Prompts(): ReactNode {
  const { queries } = useLab();
  const { data } = useQuery(queries.experiments.get.queryOptions());
  const actions = useImport();
  if (data === undefined) return null;
  if (data === null) return <p className="ink-2">{settingsText.experiment.none}</p>;
  return (
    <>
      <p className="ink-3">{settingsText.prompts.sub}</p>
      <PromptImport experiment={data} actions={actions} />
    </>
  );
}
