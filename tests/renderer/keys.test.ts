/** The keys of the page: the usual ones, and those that a person chooses. */
import { parseKeybinding } from "tinykeys";
import { describe, expect, it } from "vitest";
import { annotateGroups, boundActions } from "#renderer/annotate/keys.ts";
import { bindingOf, capsOf, isSamePress, type KeyPress } from "#renderer/keys/bindings.ts";
import { firstCaps, holderOf, type KeyId, keyRows, readOwnKeys, rowCaps } from "#renderer/keys/key-table.ts";
import { annotateText } from "#renderer/text/annotate.ts";
import { keysText } from "#renderer/text/keys.ts";

const press = (key: string, code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

const bound = (key: string, code: string, more: Partial<KeyPress> = {}, isMac = false): string | undefined => {
  const pressed = bindingOf(press(key, code, more), isMac);
  return pressed?.kind === "binding" ? pressed.binding : pressed?.kind;
};

describe("the usual keys", () => {
  it("bind each press once wherever two could hold at a time, in a form that is read", () => {
    const rows = keyRows();
    for (const { id, bindings } of rows) {
      for (const binding of bindings) {
        expect(parseKeybinding(binding)).toHaveLength(1);
        expect([binding, holderOf(rows, id, binding)?.id]).toEqual([binding, undefined]);
      }
    }
  });

  it("are those that a person could choose: nothing is bound that a press cannot be", () => {
    const rows = keyRows();
    const usual = Object.fromEntries(rows.map(({ id, bindings }) => [id, bindings]));
    expect(readOwnKeys(JSON.stringify(usual))).toEqual(usual);
  });

  it("of Annotate never act on Backspace or Delete, nor on a plain letter that would judge", () => {
    for (const { action, bindings } of boundActions(keyRows())) {
      expect(bindings.join(" ")).not.toMatch(/Backspace|Delete/u);
      if (action.kind === "judge") expect(bindings.every((binding) => !/^[a-z]$/u.test(binding))).toBe(true);
    }
  });

  it("of Annotate give both sides the same reach: what one side has, its mirror has", () => {
    const verdicts = boundActions(keyRows()).flatMap(({ action }) => (action.kind === "judge" ? [action.verdict] : []));
    const mirrored = verdicts.map((verdict) =>
      verdict.kind === "prefers" ? { ...verdict, side: verdict.side === "left" ? "right" : "left" } : verdict,
    );
    expect(new Set(mirrored.map((one) => JSON.stringify(one)))).toEqual(new Set(verdicts.map((one) => JSON.stringify(one))));
  });

  it("say what they do in the words of the receipt", () => {
    for (const { id, action } of boundActions(keyRows())) {
      if (action.kind === "judge" && action.verdict.kind !== "skip") expect(annotateText.verdict(action.verdict)).toBe(keysText.labels[id]);
    }
  });

  it("stand in the sheet of Annotate, each once", () => {
    const rows = keyRows();
    const shown = annotateGroups(rows).flatMap((group) => group.rows.map((row) => row.id));
    const expected = rows.filter(({ scope }) => scope === "annotate" || scope === "everywhere").map(({ id }) => id);
    expect(shown.toSorted()).toEqual(expected.toSorted());
  });

  it("are shown as they are printed on the keyboard", () => {
    const rows = keyRows();
    const capsOfRow = (id: KeyId): readonly (readonly string[])[] => rows.filter((row) => row.id === id).flatMap((row) => rowCaps(row, false));
    expect(firstCaps(rows, "undo", true)).toEqual(["Cmd", "Z"]);
    expect(firstCaps(rows, "redo", false)).toEqual(["Ctrl", "Shift", "Z"]);
    expect(firstCaps(rows, "leftMuch", false)).toEqual(["shift", "left"]);
    expect(firstCaps(rows, "goSettings", false)).toEqual(["Ctrl", ","]);
    expect(firstCaps(rows, "goRounds", true)).toEqual(["Cmd", "1"]);
    expect(capsOfRow("larger")).toEqual([["+"]]);
    expect(capsOfRow("leftBetter")).toEqual([["left"], ["1"]]);
    expect(capsOf("Enter", false)).toEqual(["Enter"]);
  });
});

describe("keys of a person's own", () => {
  it("come from the press as tinykeys will see it", () => {
    expect(bound("a", "KeyA")).toBe("a");
    expect(bound("A", "KeyA", { shiftKey: true })).toBe("Shift+a");
    expect(bound("!", "Digit1", { shiftKey: true })).toBe("Shift+Digit1");
    expect(bound("z", "KeyZ", { metaKey: true }, true)).toBe("$mod+z");
    expect(bound("g", "KeyG", { ctrlKey: true }, true)).toBe("Control+g");
    expect(bound("ArrowLeft", "ArrowLeft")).toBe("ArrowLeft");
    expect(bound(";", "Semicolon")).toBe("[Shift]+;");
    expect(bindingOf(press("Shift", "ShiftLeft", { shiftKey: true }), false)).toBeUndefined();
  });

  it("are never Backspace, Delete, Enter, Tab or Escape, nor what browsers keep", () => {
    for (const key of ["Backspace", "Delete", "Enter", "Tab", "Escape"]) expect(bound(key, key)).toBe("never");
    for (const key of ["t", "w", "n", "c", "v", "r"]) expect(bound(key, `Key${key.toUpperCase()}`, { ctrlKey: true })).toBe("taken");
    expect(bound("T", "KeyT", { ctrlKey: true, shiftKey: true })).toBe("taken");
    expect(readOwnKeys('{"skip":["Backspace"],"tie":["t"],"diff":["$mod+w"]}')).toEqual({ tie: ["t"] });
  });

  it("cannot be a key that another row has where both hold", () => {
    const rows = keyRows();
    expect(holderOf(rows, "tie", "f")?.id).toBe("flag");
    expect(holderOf(rows, "tie", "Digit1")?.id).toBe("leftBetter");
    // Shift or not: ? is found with both.
    expect(holderOf(rows, "tie", "[Shift]+?")?.id).toBe("help");
    expect(holderOf(rows, "tableOrChart", "Shift+?")?.id).toBe("help");
    expect(holderOf(rows, "palette", "t")?.id).toBe("tableOrChart");
    // Two screens are never shown at a time.
    expect(holderOf(rows, "tie", "t")).toBeUndefined();
    expect(holderOf(rows, "tie", "x")).toBeUndefined();
    // Its own key is no conflict; one that was given away is free.
    expect(holderOf(rows, "flag", "f")).toBeUndefined();
    expect(holderOf(keyRows({ flag: ["x"] }), "tie", "f")).toBeUndefined();
  });

  it("are the same press if one could be the other", () => {
    expect(isSamePress("$mod+Shift+z", "Shift+$mod+z")).toBe(true);
    expect(isSamePress("[Shift]++", "Shift++")).toBe(true);
    expect(isSamePress("Shift+a", "a")).toBe(false);
    expect(isSamePress("$mod+k", "k")).toBe(false);
  });

  it("are read back as they were kept, and nothing else is", () => {
    expect(readOwnKeys(JSON.stringify({ tie: ["t"] }))).toEqual({ tie: ["t"] });
    for (const text of [null, "", "[", "3", '{"nobody":["x"]}', '{"tie":"t"}']) expect(readOwnKeys(text)).toEqual({});
  });
});
