/** Files that are dropped anywhere on the page: their path in a window, their text in a browser. */
import { useEffect, useRef, useState } from "react";
import { windowBridge } from "../lab-client/window-bridge.ts";

export type DroppedFile =
  /** A file or folder of this machine, as the window knows it. */
  { readonly kind: "path"; readonly path: string } | { readonly kind: "file"; readonly file: File };

/** True while something is held over the page. */
export function useFileDrop(onDrop: (dropped: DroppedFile) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  });
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setIsOver(true);
    };
    const leave = (event: DragEvent): void => {
      // Within the page one element is left for another; out of the page there is no other.
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      setIsOver(false);
      const path = windowBridge()?.pathOfFile(file) ?? "";
      latest.current(path === "" ? { kind: "file", file } : { kind: "path", path });
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
