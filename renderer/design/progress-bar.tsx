/** A bar of counted work: solid for what was measured, dashed for what is still to come. */
import type { ReactNode } from "react";

export type ProgressBarProps = {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Work that rests is drawn in a quieter ink. */
  readonly isResting?: boolean;
};

export function ProgressBar({ label, done, total, isResting = false }: ProgressBarProps): ReactNode {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <div
      className={isResting ? "bar resting" : "bar"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.min(done, total)}
    >
      <i style={{ width: `${100 * share}%` }} />
    </div>
  );
}

export function ExpectedBar(): ReactNode {
  return <div className="bar-expected" aria-hidden="true" />;
}
