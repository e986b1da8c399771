/** Where the window was, so that it is there again: kept in a file, moved back onto a screen that is still there. */
import { readFileSync, renameSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";

const boxSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });
export type Box = Readonly<z.infer<typeof boxSchema>>;

const stateSchema = z.object({ box: boxSchema, isMaximised: z.boolean() });

export type WindowBounds = {
  /** Without a place the system chooses one. */
  readonly box: Box | Pick<Box, "width" | "height">;
  readonly isMaximised: boolean;
};

export const USUAL: WindowBounds = { box: { width: 1440, height: 900 }, isMaximised: false };

/** At least so much of the window must lie on a screen to be got hold of. */
const GRIP = 80;

/** The kept place if any of these screens still shows it; else the usual size in a place of the system's choice. */
export function readWindowState(path: string, screens: readonly Box[]): WindowBounds {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    if (screens.some((screen) => overlap(screen, state.box))) return state;
    return { box: { width: state.box.width, height: state.box.height }, isMaximised: state.isMaximised };
  } catch {
    // The first start, or a file that is none of ours.
    return USUAL;
  }
}

/** A convenience: where nothing can be written (a full disk) the window closes all the same, and opens elsewhere. */
export function writeWindowState(path: string, state: { readonly box: Box; readonly isMaximised: boolean }): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`);
    renameSync(`${path}.new`, path);
  } catch {
    // The place that was kept before, if any, stays.
  }
}

function overlap(screen: Box, box: Box): boolean {
  const width = Math.min(screen.x + screen.width, box.x + box.width) - Math.max(screen.x, box.x);
  const height = Math.min(screen.y + screen.height, box.y + box.height) - Math.max(screen.y, box.y);
  return width >= GRIP && height >= GRIP;
}
