/** Says over every screen that a newer version of the lab wrote this experiment, which can therefore only be looked at. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { Fill } from "../text/fill.tsx";
import { shellText } from "../text/shell.ts";

export function NewerVersion(): ReactNode {
  const { queries } = useLab();
  const { data } = useQuery(queries.settings.about.queryOptions());
  if (data?.newer == null) return null;
  const { schema, known } = data.newer;
  return (
    <div className="newer-version">
      <Note kind="notice">
        <Fill text={shellText.newer} values={{ schema, known }} />
      </Note>
    </div>
  );
}
