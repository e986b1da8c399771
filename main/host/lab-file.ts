/** lab.json: how another process finds the lab that owns a folder. Readable by its user alone. */
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const labFileSchema = z.object({
  pid: z.int().min(1),
  /** Differs after a restart of the machine, so that a reused pid is not taken for the owner. */
  bootId: z.string(),
  /** A Unix socket, or a named pipe on Windows. */
  socketPath: z.string().min(1),
  /** Lets its bearer in as owner. */
  token: z.string().min(32),
  startedAtMs: z.number(),
});
export type LabFile = Readonly<z.infer<typeof labFileSchema>>;

const NAME = "lab.json";

/** The file's content; null if there is none, or none that can be read as one. */
export function readLabFile(folder: string): LabFile | null {
  try {
    const parsed = labFileSchema.safeParse(JSON.parse(readFileSync(join(folder, NAME), "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not there, or half of something: nobody can be reached through it.
    return null;
  }
}

/** Written beside and renamed, so that a reader sees the old file or the new one. */
export function writeLabFile(folder: string, lab: LabFile): void {
  const path = join(folder, NAME);
  const fresh = `${path}.${lab.pid}`;
  writeFileSync(fresh, `${JSON.stringify(lab, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, path);
}

export function removeLabFile(folder: string): void {
  rmSync(join(folder, NAME), { force: true });
}
