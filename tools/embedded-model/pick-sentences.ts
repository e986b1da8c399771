/** Step 2: keeps the sentences that are fit by rule and by eye, each once, in tools/embedded-model/sentences.json, by slot. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLines, SENTENCES, WORK } from "./files.ts";
import { KEPT, LEFT_OUT } from "./read-by-eye.ts";
import { isFit, type Written } from "./sentences.ts";
import { SLOTS, slotName } from "./world.ts";

type Line = Written & { readonly promptId: string };

const lines = (await readLines<Line>(join(WORK, "sentences.jsonl"))).map((line) => ({ ...line, text: line.text.replace(/\bharbor\b/gu, "harbour") }));
const bySlot = Map.groupBy(lines, ({ promptId }) => promptId.slice(0, promptId.lastIndexOf("/")));
const kept: Record<string, readonly string[]> = {};
const counts = new Map<string, [number, number]>();
for (const slot of SLOTS) {
  const name = slotName(slot);
  const written = bySlot.get(name) ?? [];
  const texts = new Set(written.map(({ text }) => text));
  const chosen = [
    ...written.filter((line) => isFit(slot, line) && !LEFT_OUT.has(line.text)).map(({ text }) => text),
    ...(KEPT[name] ?? []).filter((text) => texts.has(text)),
  ];
  const fit = new Set(chosen);
  kept[name] = [...fit].sort();
  const [all, some] = counts.get(slot.kind) ?? [0, 0];
  counts.set(slot.kind, [all + written.length, some + fit.size]);
}
writeFileSync(SENTENCES, `${JSON.stringify(kept, null, 1)}\n`);
for (const [kind, [all, some]] of counts) process.stdout.write(`${kind}: ${some} of ${all} sentences kept\n`);
const poor = SLOTS.map(slotName).filter((name) => (kept[name]?.length ?? 0) < 3);
if (poor.length > 0) process.stdout.write(`fewer than three: ${poor.join(", ")}\n`);
