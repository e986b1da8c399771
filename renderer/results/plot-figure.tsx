/** Draws a chart of Observable Plot at the width there is; for readers it is one sentence, the numbers are in the table. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTextScale } from "../design/text-scale.ts";

/** A datum and where it is drawn, in px from the chart's left upper corner. */
export type Spot<Datum> = { readonly datum: Datum; readonly left: number; readonly top: number };

export type Chart<Datum> = {
  readonly element: SVGElement | HTMLElement;
  readonly spots: readonly Spot<Datum>[];
};

export type PlotFigureProps<Datum> = {
  readonly label: string;
  /** Above the drawing where it is saved. */
  readonly title: string;
  /** Draws anew for a width in px and a size of text, as a factor of the usual. */
  readonly draw: (width: number, scale: number) => Chart<Datum>;
  /** What lies over the drawing, at its spots. */
  readonly over?: (spots: readonly Spot<Datum>[], width: number) => ReactNode;
};

export function PlotFigure<Datum>({ label, title, draw, over }: PlotFigureProps<Datum>): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const scale = useTextScale();
  const [drawn, setDrawn] = useState<{ readonly spots: readonly Spot<Datum>[]; readonly width: number }>({ spots: [], width: 0 });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let drawnWidth = 0;
    // It is called at once when it begins to observe, before anything is painted.
    const observer = new ResizeObserver(() => {
      const width = Math.floor(element.clientWidth);
      if (width === 0 || width === drawnWidth) return;
      drawnWidth = width;
      const chart = draw(width, scale);
      // Plot labels its inner groups, which only an image's own label may do.
      for (const part of chart.element.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      chart.element.setAttribute("aria-hidden", "true");
      element.replaceChildren(chart.element);
      setDrawn({ spots: chart.spots, width });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      element.replaceChildren();
    };
  }, [draw, scale]);
  return (
    <div className="plot">
      <div ref={host} role="img" aria-label={label} data-drawing={title} />
      {over?.(drawn.spots, drawn.width)}
    </div>
  );
}
