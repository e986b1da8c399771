/** What a page shows that the lab does not let in: how to come in. */
import type { ReactNode } from "react";
import { LabMark } from "../design/icons.tsx";
import type { Refusal } from "../lab-client/wire.ts";

export function Entrance({ refusal }: { readonly refusal: Refusal }): ReactNode {
  return (
    <main className="entrance">
      <LabMark />
      <h1>{refusal === "noToken" ? "This address has no key" : "This address is an old one"}</h1>
      <p>
        {refusal === "noToken"
          ? "The lab lets a page in by the token in its address."
          : "The lab was started anew since, and a new start makes a new key. Verdicts that were not sent yet are kept in this browser."}
      </p>
      <p>
        Open the address that <code>nashlab open</code> printed last.
      </p>
    </main>
  );
}
