/** HH-RLHF's dialogues: one text in which turns open with "Human:" and "Assistant:". */
import type { Message, RowProblem } from "#app/domain/prompt.ts";
import { rowWords } from "#app/text/rows.ts";

const TURN = /(?:^|\n\n)(Human|Assistant):/gu;

/** The turns of a dialogue, each trimmed. What stands before the first turn is refused. */
export function readDialogue(text: string, column: string): readonly Message[] | RowProblem {
  const turns = [...text.matchAll(TURN)];
  const [first] = turns;
  if (first === undefined || text.slice(0, first.index).trim() !== "") {
    return {
      column,
      expected: rowWords.expected.dialogue,
      got: rowWords.got.textBeginsWith(JSON.stringify(text.trimStart().slice(0, 30))),
    };
  }
  return turns.map((turn, i) => ({
    role: turn[1] === "Human" ? "user" : "assistant",
    content: text.slice(turn.index + turn[0].length, turns[i + 1]?.index ?? text.length).trim(),
  }));
}
