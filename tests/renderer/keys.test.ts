/** The table of keys of Annotate. */
import { parseKeybinding } from "tinykeys";
import { describe, expect, it } from "vitest";
import { capsOf, KEY_ROWS } from "#renderer/annotate/keys.ts";
import { verdictText } from "#renderer/annotate/verdict-text.ts";

describe("the keys of Annotate", () => {
  it("bind each press once", () => {
    const presses = KEY_ROWS.flatMap((row) => row.bindings).map((binding) => JSON.stringify(parseKeybinding(binding)));
    expect(new Set(presses).size).toBe(presses.length);
  });

  it("never act on Backspace or Delete, nor on a plain letter that would judge", () => {
    for (const { action, bindings } of KEY_ROWS) {
      expect(bindings.join(" ")).not.toMatch(/Backspace|Delete/u);
      if (action.kind === "judge") expect(bindings.every((binding) => !/^[a-z]$/u.test(binding))).toBe(true);
    }
  });

  it("give both sides the same reach: what one side has, its mirror has", () => {
    const verdicts = KEY_ROWS.flatMap(({ action }) => (action.kind === "judge" ? [action.verdict] : []));
    const mirrored = verdicts.map((verdict) =>
      verdict.kind === "prefers" ? { ...verdict, side: verdict.side === "left" ? "right" : "left" } : verdict,
    );
    expect(new Set(mirrored.map((one) => JSON.stringify(one)))).toEqual(new Set(verdicts.map((one) => JSON.stringify(one))));
  });

  it("say what they do in the words of the receipt", () => {
    for (const { label, action } of KEY_ROWS) {
      if (action.kind === "judge" && action.verdict.kind !== "skip") expect(verdictText(action.verdict)).toBe(label);
    }
  });

  it("read Cmd on a Mac", () => {
    const undo = KEY_ROWS.find((row) => row.action.kind === "undo");
    expect(undo === undefined ? [] : capsOf(undo, true)).toEqual([["Cmd", "Z"]]);
  });
});
