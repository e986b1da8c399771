/** Pasted text as prompts: JSON lines and arrays as they are, anything else a prompt a paragraph. */

/** What the lab is to read, as JSON lines; an empty text if there is nothing in it. */
export function promptLines(pasted: string): string {
  const trimmed = pasted.trim();
  if (/^[[{]/u.test(trimmed)) return trimmed;
  return paragraphs(trimmed)
    .map((prompt) => JSON.stringify({ prompt }))
    .join("\n");
}

/** How many prompts a person would say there are. */
export function promptCount(pasted: string): number {
  const trimmed = pasted.trim();
  if (trimmed.startsWith("[")) {
    try {
      const parsed: unknown = JSON.parse(trimmed);
      return Array.isArray(parsed) ? parsed.length : 0;
    } catch {
      // Not whole yet; the lab says what is wrong with it.
      return 0;
    }
  }
  if (trimmed.startsWith("{")) return trimmed.split("\n").filter((line) => line.trim() !== "").length;
  return paragraphs(trimmed).length;
}

function paragraphs(text: string): string[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/u)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}
