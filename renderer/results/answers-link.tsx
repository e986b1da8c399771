/** A number as the way to the answers behind it. */
import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";
import type { ExampleFilter, ResultOverview } from "#app/contract/result-views.ts";

export type AnswersLinkProps = {
  readonly results: Pick<ResultOverview, "split">;
  readonly first: string;
  readonly second: string;
  /** Which of the answers; all without it. */
  readonly filter?: ExampleFilter;
  readonly className?: string;
  readonly style?: CSSProperties | undefined;
  readonly label?: string;
  readonly tabIndex?: number;
  /** The place in a ring of preferences. */
  readonly step?: number | undefined;
  readonly children: ReactNode;
};

export function AnswersLink({ results, first, second, filter, className, style, label, tabIndex, step, children }: AnswersLinkProps): ReactNode {
  return (
    <Link
      to="/results"
      search={{ split: results.split, first, second, ...(filter === undefined ? {} : { filter }) }}
      className={className ?? "answers-link"}
      style={style}
      tabIndex={tabIndex}
      title={label}
      aria-label={label}
      data-step={step}
    >
      {children}
    </Link>
  );
}
