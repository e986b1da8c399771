/** How large text is set, as a factor of its usual size: charts draw their letters, and the room for them, by it. */
import { useSyncExternalStore } from "react";

const USUAL_PX = 16;
const PROBE_REM = 16;

/** A box as wide as text is large: whatever changes the size of text, the lab's setting or the browser's, changes the box. */
let probe: HTMLElement | undefined;

function probeOf(): HTMLElement {
  if (probe?.isConnected !== true) {
    probe = document.createElement("div");
    probe.ariaHidden = "true";
    probe.style.cssText = `position:absolute;top:0;left:0;width:${PROBE_REM}rem;height:0;visibility:hidden;pointer-events:none`;
    document.body.append(probe);
  }
  return probe;
}

function scaleNow(): number {
  return probeOf().offsetWidth / (PROBE_REM * USUAL_PX);
}

function subscribe(listener: () => void): () => void {
  const observer = new ResizeObserver(listener);
  observer.observe(probeOf());
  return () => {
    observer.disconnect();
  };
}

/** 1 at the usual size of text, 2 at 200 %. */
export function useTextScale(): number {
  return useSyncExternalStore(subscribe, scaleNow);
}

/** Under this width, counted in the size of text, what stands side by side stands one above the other; the style sheets say the same. */
const NARROW_REM = 52;

function isNarrowNow(): boolean {
  return document.body.clientWidth < NARROW_REM * USUAL_PX * scaleNow();
}

function subscribeToWidth(listener: () => void): () => void {
  const stop = subscribe(listener);
  window.addEventListener("resize", listener);
  return () => {
    stop();
    window.removeEventListener("resize", listener);
  };
}

/** For what is worth making only where there is too little room for its usual place. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribeToWidth, isNarrowNow);
}
