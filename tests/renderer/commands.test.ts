/** The commands of the page: which there are, which a query finds, and how their keys are written. */
import { describe, expect, it } from "vitest";
import { bindingsOf, type Command, CommandStore, matching } from "#renderer/commands/command-store.ts";
import { keyRows } from "#renderer/keys/key-table.ts";

const command = (id: string, label: string, keywords = ""): Command => ({ id, label, group: "Go to", keywords, run: () => undefined });

describe("the store of commands", () => {
  it("holds what is added until it is taken away, the newest of an id in place of the older", () => {
    const store = new CommandStore();
    let changes = 0;
    store.subscribe(() => (changes += 1));
    const takeAway = store.add([command("a", "Old"), command("b", "Rounds")]);
    store.add([command("a", "New")]);
    expect(store.all().map(({ label }) => label)).toEqual(["New", "Rounds"]);
    takeAway();
    expect(store.all().map(({ label }) => label)).toEqual(["New"]);
    expect(changes).toBe(3);
  });
});

describe("finding a command", () => {
  const all = [command("1", "All experiments"), command("2", "Experiment, new"), command("3", "Dark colours", "theme")];

  it("takes every word, in any order, labels that begin with it first", () => {
    expect(matching(all, "exp").map(({ id }) => id)).toEqual(["2", "1"]);
    expect(matching(all, "new EXP").map(({ id }) => id)).toEqual(["2"]);
    expect(matching(all, "theme").map(({ id }) => id)).toEqual(["3"]);
    expect(matching(all, "  ")).toEqual(all);
    expect(matching(all, "zzz")).toEqual([]);
  });
});

it("binds a command to the keys that its row has now", () => {
  const one: Command = { ...command("a", "Rounds"), keys: "goRounds" };
  expect(bindingsOf(one, keyRows())).toEqual(["$mod+Digit1"]);
  expect(bindingsOf(one, keyRows({ goRounds: ["Alt+r"] }))).toEqual(["Alt+r"]);
  expect(bindingsOf({ keys: "Enter" }, keyRows())).toEqual(["Enter"]);
  expect(bindingsOf(command("b", "No key"), keyRows())).toEqual([]);
});
