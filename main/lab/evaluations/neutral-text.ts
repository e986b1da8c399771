/** The plain prose on which policies are watched: of ours, in no data set, and never trained on. */
import { readFileSync } from "node:fs";
import type { ContentHash } from "#app/base/ids.ts";
import { resourcePath } from "../resources.ts";
import { hashText } from "../system.ts";

const FILE = resourcePath("neutral-text/plain-prose.txt");

/** A paragraph is a text of its own: none is longer than a model's context. */
export function readNeutralText(): { readonly paragraphs: readonly string[]; readonly hash: ContentHash } {
  const text = readFileSync(FILE, "utf8").trim();
  return { paragraphs: text.split(/\n\s*\n/u), hash: hashText(text) };
}
