/** Reads a line that must not be seen: without echo at a terminal, from standard input where it is piped in. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** The question goes to standard error. */
export async function readSecret(question: string): Promise<string> {
  const isTyped = process.stdin.isTTY;
  if (isTyped) process.stderr.write(`${question}: `);
  // Readline echoes into this, which keeps nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isTyped });
  try {
    for await (const line of lines) return line.trim();
    return "";
  } finally {
    lines.close();
    if (isTyped) process.stderr.write("\n");
  }
}
