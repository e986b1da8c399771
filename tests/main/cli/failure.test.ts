/** What went wrong as a sentence that others may follow. */
import { expect, it } from "vitest";
import { asSentence } from "#main/cli/failure.ts";

it.each([
  ["here: the endpoint refuses the key (status 401)", "here: the endpoint refuses the key (status 401)."],
  ["the disk is full", "The disk is full."],
  ["It is done.", "It is done."],
  ["It is done (or nearly so.)", "It is done (or nearly so.)"],
  ["oracle.model: expected a name?", "oracle.model: expected a name?"],
])("%s", (message, sentence) => {
  expect(asSentence(message)).toBe(sentence);
});
