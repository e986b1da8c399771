/** One side of the comparison: a sheet of paper that scrolls. */
import type { ReactNode, Ref } from "react";
import { ResponseText } from "./response-text.tsx";

export type ResponseSheetProps = {
  readonly side: "left" | "right";
  readonly text: string;
  /** What scrolls. */
  readonly readRef: Ref<HTMLDivElement>;
};

export function ResponseSheet({ side, text, readRef }: ResponseSheetProps): ReactNode {
  const name = side === "left" ? "Left" : "Right";
  return (
    <section className={`sheet ${side}`} aria-label={`${name} response`}>
      <header>
        <h2>{name}</h2>
      </header>
      <div className="read" ref={readRef} tabIndex={0} role="region" aria-label={`${name} response, text`}>
        <div className="column">
          <ResponseText text={text} />
          <p className="end-mark">end of response</p>
        </div>
      </div>
    </section>
  );
}
