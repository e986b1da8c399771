/** Which lab this is: version, folder, process. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLab } from "../lab-client/lab-context.tsx";
import { settingsText } from "../text/settings.ts";

const text = settingsText.about;

export function About(): ReactNode {
  const { queries } = useLab();
  const { data } = useQuery(queries.settings.about.queryOptions());
  return (
    <dl className="facts">
      {(
        [
          [text.version, data?.version],
          [text.folder, data?.folder],
          [text.process, data?.pid],
          [text.host, data?.host],
        ] as const
      ).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="path">{value ?? settingsText.reading}</dd>
        </div>
      ))}
    </dl>
  );
}
