/** What a screen shows when there is nothing to show: a sentence, a reason, one way on. */
import type { ReactNode } from "react";

export type EmptyStateProps = {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
};

export function EmptyState({ title, children, action }: EmptyStateProps): ReactNode {
  return (
    <section className="empty" aria-label={title}>
      <h2>{title}</h2>
      {children !== undefined && <div className="empty-text">{children}</div>}
      {action}
    </section>
  );
}

/** The word at once, grey lines in the place of what comes. */
export function Loading({ children }: { readonly children: string }): ReactNode {
  return (
    <section className="loading" role="status">
      <p>{children}</p>
      <i style={{ width: "82%" }} />
      <i style={{ width: "66%" }} />
      <i style={{ width: "74%" }} />
    </section>
  );
}
