/** One connection to the lab, whatever carries it. */
import type { ClientContext, ClientLink } from "@orpc/client";

export type Wire = {
  readonly link: ClientLink<ClientContext>;
  isOpen(): boolean;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  close(): void;
};

/** Opens a connection. Rejects with RefusedError if the lab is there and does not want us, else with any other error. */
export type Dial = () => Promise<Wire>;

export type Refusal = "noToken" | "oldToken" | "spentOnce";

export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`the lab does not let this page in: ${refusal}`);
    this.name = "RefusedError";
    this.refusal = refusal;
  }
}
