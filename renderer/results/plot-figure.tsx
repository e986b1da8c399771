/** Draws a chart of Observable Plot at the width there is; for readers it is one sentence, the numbers are in the table. */
import { type ReactNode, useEffect, useRef } from "react";

export type PlotFigureProps = {
  readonly label: string;
  /** Above the drawing where it is saved. */
  readonly title: string;
  /** Draws anew for a width in px; the element that Plot gave. */
  readonly draw: (width: number) => SVGElement | HTMLElement;
  /** Of the datum that the pointer is nearest to, as `Plot.pointer` marks it. */
  readonly onPick?: (picked: unknown) => void;
};

export function PlotFigure({ label, title, draw, onPick }: PlotFigureProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let drawnWidth = 0;
    const redraw = (): void => {
      const width = Math.floor(element.clientWidth);
      if (width === 0 || width === drawnWidth) return;
      drawnWidth = width;
      const chart = draw(width);
      // Plot labels its inner groups, which only an image's own label may do.
      for (const part of chart.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      chart.setAttribute("aria-hidden", "true");
      if (onPick !== undefined) {
        chart.addEventListener("click", () => {
          if ("value" in chart && chart.value != null) onPick(chart.value);
        });
      }
      element.replaceChildren(chart);
    };
    redraw();
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    return () => {
      observer.disconnect();
      element.replaceChildren();
    };
  }, [draw, onPick]);
  return <div ref={host} className={onPick === undefined ? "plot" : "plot pickable"} role="img" aria-label={label} data-drawing={title} />;
}
