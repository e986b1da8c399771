/** What a page shows that the lab does not let in: how to come in. */
import type { ReactNode } from "react";
import { LabMark } from "../design/icons.tsx";
import type { Refusal } from "../lab-client/wire.ts";
import { Fill } from "../text/fill.tsx";
import { shellText } from "../text/shell.ts";

export function Entrance({ refusal }: { readonly refusal: Refusal }): ReactNode {
  const { title, sentence } = shellText.entrance[refusal];
  return (
    <main className="entrance">
      <LabMark />
      <h1>{title}</h1>
      <p>{sentence}</p>
      <p>
        <Fill text={shellText.entrance.wayIn} />
      </p>
    </main>
  );
}
