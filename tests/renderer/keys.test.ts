/** The keys of Annotate: the usual ones, and those that a person chooses. */
import { parseKeybinding } from "tinykeys";
import { describe, expect, it } from "vitest";
import { bindingOf, firstCaps, type KeyPress, keyRows, readOwnKeys, rowCaps, withOwnKey } from "#renderer/annotate/keys.ts";
import { annotateText } from "#renderer/text/annotate.ts";

const press = (key: string, code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("the keys of Annotate", () => {
  it("bind each press once", () => {
    const presses = keyRows()
      .flatMap((row) => row.bindings)
      .map((binding) => JSON.stringify(parseKeybinding(binding)));
    expect(new Set(presses).size).toBe(presses.length);
  });

  it("never act on Backspace or Delete, nor on a plain letter that would judge", () => {
    for (const { action, bindings } of keyRows()) {
      expect(bindings.join(" ")).not.toMatch(/Backspace|Delete/u);
      if (action.kind === "judge") expect(bindings.every((binding) => !/^[a-z]$/u.test(binding))).toBe(true);
    }
  });

  it("give both sides the same reach: what one side has, its mirror has", () => {
    const verdicts = keyRows().flatMap(({ action }) => (action.kind === "judge" ? [action.verdict] : []));
    const mirrored = verdicts.map((verdict) =>
      verdict.kind === "prefers" ? { ...verdict, side: verdict.side === "left" ? "right" : "left" } : verdict,
    );
    expect(new Set(mirrored.map((one) => JSON.stringify(one)))).toEqual(new Set(verdicts.map((one) => JSON.stringify(one))));
  });

  it("say what they do in the words of the receipt", () => {
    for (const { label, action } of keyRows()) {
      if (action.kind === "judge" && action.verdict.kind !== "skip") expect(annotateText.verdict(action.verdict)).toBe(label);
    }
  });

  it("are shown as they are printed on the keyboard", () => {
    const rows = keyRows();
    expect(firstCaps(rows, "undo", true)).toEqual(["Cmd", "Z"]);
    expect(firstCaps(rows, "redo", false)).toEqual(["Ctrl", "Shift", "Z"]);
    expect(firstCaps(rows, "leftMuch", false)).toEqual(["shift", "left"]);
    const larger = rows.find((row) => row.id === "larger");
    expect(larger === undefined ? [] : rowCaps(larger, false)).toEqual([["+"]]);
    const left = rows.find((row) => row.id === "leftBetter");
    expect(left === undefined ? [] : rowCaps(left, false)).toEqual([["left"], ["1"]]);
  });
});

describe("keys of a person's own", () => {
  it("come from the press as tinykeys will see it", () => {
    expect(bindingOf(press("a", "KeyA"), false)).toBe("a");
    expect(bindingOf(press("A", "KeyA", { shiftKey: true }), false)).toBe("Shift+a");
    expect(bindingOf(press("!", "Digit1", { shiftKey: true }), false)).toBe("Shift+Digit1");
    expect(bindingOf(press("z", "KeyZ", { metaKey: true }), true)).toBe("$mod+z");
    expect(bindingOf(press("ArrowLeft", "ArrowLeft"), false)).toBe("ArrowLeft");
    expect(bindingOf(press(";", "Semicolon"), false)).toBe("[Shift]+;");
    expect(bindingOf(press("Shift", "ShiftLeft", { shiftKey: true }), false)).toBeUndefined();
  });

  it("are never Backspace, Delete, Enter, Tab or Escape", () => {
    for (const key of ["Backspace", "Delete", "Enter", "Tab", "Escape"]) expect(bindingOf(press(key, key), false)).toBeNull();
    expect(readOwnKeys('{"skip":["Backspace"],"tie":["t"]}')).toEqual({ tie: ["t"] });
  });

  it("take the key from the row that had it, and say so where that was its only one", () => {
    const first = withOwnKey({}, "tie", "f");
    expect(first.takenFrom).toBe("flag");
    expect(keyRows(first.own).find((row) => row.id === "flag")?.bindings).toEqual([]);
    const second = withOwnKey({}, "flag", "Digit1");
    expect(second.takenFrom).toBeUndefined();
    expect(keyRows(second.own).find((row) => row.id === "leftBetter")?.bindings).toEqual(["ArrowLeft", "Numpad1"]);
  });

  it("are read back as they were kept, and nothing else is", () => {
    expect(readOwnKeys(JSON.stringify({ tie: ["t"] }))).toEqual({ tie: ["t"] });
    for (const text of [null, "", "[", "3", '{"nobody":["x"]}', '{"tie":"t"}']) expect(readOwnKeys(text)).toEqual({});
  });
});
