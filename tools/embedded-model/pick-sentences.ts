/** Step 2: keeps the sentences that are fit, each once, in tools/embedded-model/sentences.json, by slot. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WORK } from "./engine.ts";
import { isFit, type Written } from "./sentences.ts";
import { SLOTS, slotName } from "./world.ts";

type Line = Written & { readonly promptId: string };

const lines = readFileSync(join(WORK, "sentences.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Line); // written by step 1
const bySlot = Map.groupBy(lines, ({ promptId }) => promptId.slice(0, promptId.lastIndexOf("/")));
const kept: Record<string, readonly string[]> = {};
const counts = new Map<string, [number, number]>();
for (const slot of SLOTS) {
  const name = slotName(slot);
  const written = bySlot.get(name) ?? [];
  const fit = new Set(written.filter((line) => isFit(slot, line)).map(({ text }) => text));
  kept[name] = [...fit].sort();
  const [all, some] = counts.get(slot.kind) ?? [0, 0];
  counts.set(slot.kind, [all + written.length, some + fit.size]);
}
writeFileSync(fileURLToPath(new URL("sentences.json", import.meta.url)), `${JSON.stringify(kept, null, 1)}\n`);
for (const [kind, [all, some]] of counts) process.stdout.write(`${kind}: ${some} of ${all} sentences kept\n`);
const poor = SLOTS.map(slotName).filter((name) => (kept[name]?.length ?? 0) < 3);
if (poor.length > 0) process.stdout.write(`fewer than three: ${poor.join(", ")}\n`);
