/** Icons of our own: the lab's mark, rounds and sides; the rest are lucide's. */
import type { ReactNode } from "react";

type IconProps = { readonly className?: string };

function Outline({ className = "icon", children }: IconProps & { readonly children: ReactNode }): ReactNode {
  return (
    <svg className={className} viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

/** Two halves: one measured, one hollow. */
export function LabMark(): ReactNode {
  return (
    <svg className="lab-mark" viewBox="0 0 18 18" aria-hidden="true">
      <path d="M8.3 1.5a7 7 0 0 0 0 14z" fill="currentColor" />
      <path d="M10.45 3.35a6.2 6.2 0 0 1 0 12.3z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}

export function RoundsIcon(props: IconProps): ReactNode {
  return (
    <Outline {...props}>
      <path d="M13.2 6.2A5.5 5.5 0 1 0 13.5 8" />
      <path d="M13.5 2.8v3.4h-3.4" />
    </Outline>
  );
}

/** Three estimates with their intervals. */
export function ResultsIcon(props: IconProps): ReactNode {
  return (
    <Outline {...props}>
      <path d="M3.5 8v5M8 4v7M12.5 2.5v6" />
      <path d="M2.5 10.5h2M7 7.5h2M11.5 5.5h2" />
    </Outline>
  );
}

export function SidesIcon(props: IconProps): ReactNode {
  return (
    <Outline {...props}>
      <path d="M8 2.5v11" />
      <rect x="2" y="4" width="3.5" height="8" rx="1" />
      <rect x="10.5" y="4" width="3.5" height="8" rx="1" />
    </Outline>
  );
}

/** A curve that falls and settles. */
export function TrainingIcon(props: IconProps): ReactNode {
  return (
    <Outline {...props}>
      <path d="M2.5 2.5c1 7 4 10.5 11 10.8" />
    </Outline>
  );
}

/** A line of descent that forks. */
export function PoliciesIcon(props: IconProps): ReactNode {
  return (
    <Outline {...props}>
      <circle cx="4" cy="3.5" r="1.75" />
      <circle cx="4" cy="12.5" r="1.75" />
      <circle cx="12" cy="8" r="1.75" />
      <path d="M4 5.25v5.5M4 6c.5 1.5 2 2 6.25 2" />
    </Outline>
  );
}

export function PauseIcon(props: IconProps): ReactNode {
  return (
    <Outline {...props}>
      <path d="M5.5 3.5v9M10.5 3.5v9" />
    </Outline>
  );
}

const KEY_PATHS = {
  left: "M13 8H3.5M7 4 3 8l4 4",
  right: "M3 8h9.5M9 4l4 4-4 4",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
  shift: "M8 2.5 2.5 8.5H5.5v4.5h5v-4.5h3z",
} as const;

/** Keys that the packaged fonts have no letter for. */
export type DrawnKey = keyof typeof KEY_PATHS;

export function KeyDrawing({ name }: { readonly name: DrawnKey }): ReactNode {
  return (
    <>
      <Outline>
        <path d={KEY_PATHS[name]} />
      </Outline>
      <span className="unseen">{name}</span>
    </>
  );
}
