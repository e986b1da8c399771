/** Commands while a lab of the same folder is open elsewhere: they attach to it and are answered. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Connection, connectLab } from "#main/host/connect.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openLabWith } from "#main/lab/open-lab.ts";
import { openDatabase } from "#main/store/database.ts";
import { fakeDrivers } from "#tests/support/fake-engine.ts";
import { memorySecrets } from "#tests/support/memory-secrets.ts";
import { type Bench, createBench, createReadyBench } from "./support.ts";

/** Owns the bench's folder as a page's process would. */
async function openElsewhere(bench: Bench): Promise<Connection> {
  const connection = await connectLab(
    bench.folder,
    async (takenOverFrom) =>
      await openLabWith(
        { folder: bench.folder, processHost: createForkHost(), host: "http", cacheDir: bench.cwd, takenOverFrom, secrets: memorySecrets() },
        fakeDrivers(),
      ),
    { note: () => undefined, warn: () => undefined },
  );
  onTestFinished(async () => {
    await connection.close();
  });
  return connection;
}

describe("a folder that is open elsewhere", () => {
  it("answers status, runs a round and tells its progress through the owner", async () => {
    const bench = await createReadyBench();
    const owner = await openElsewhere(bench);
    expect(owner.isOwner).toBe(true);
    const status = await bench.json("status", "-C", bench.folder);
    expect(status).toMatchObject({ ok: true, lab: { host: "http" } });
    const round = await bench.run("round", "-C", bench.folder);
    expect([round.code, round.err]).toEqual([0, expect.stringMatching(/^Attached to process \d+, which owns/mu)]);
    expect(round.err).toMatch(/^Round 1: train: .*done$/mu);
    expect((await owner.client.rounds.list())[0]?.isDone).toBe(true);
  });

  it("is paused by a command of another process, and the command that runs it ends", async () => {
    let command: Promise<unknown> | undefined;
    const bench: Bench = await createReadyBench({
      beforeUnit: async ({ count }) => {
        if (count !== 5) return;
        command = bench.run("round", "pause", "-C", bench.folder);
        // The unit goes on when the request has come in over the socket.
        const db = openDatabase(join(bench.folder, "experiment.db"), { readOnly: true });
        await vi.waitFor(() => {
          expect(db.get("SELECT count(*) AS n FROM stage_attempt WHERE pause_requested = 1")).toEqual({ n: 1 });
        });
        db.close();
      },
    });
    const { code, out } = await bench.run("round", "-C", bench.folder);
    expect(await command).toMatchObject({ code: 0, out: "Paused. nashlab round resume goes on.\n" });
    // Paused by somebody else: not an interruption of this command.
    expect(code).toBe(0);
    expect(out).toMatch(/^sample\s+paused/mu);
  });

  it("gets the same sentence for what the owner refuses", async () => {
    const bench = await createReadyBench();
    await openElsewhere(bench);
    const { code, err } = await bench.run("export", "pairs", "--out", "p.jsonl", "-C", bench.folder);
    expect([code, err.trim().split("\n").at(-1)]).toEqual([2, "nashlab: There are no preference pairs in this experiment yet."]);
    const bad = await bench.run("round", "redo", "sample", "-C", bench.folder);
    expect([bad.code, bad.err.trim().split("\n").at(-1)]).toEqual([2, "nashlab: No round has been started yet."]);
  });
});

describe("NASHLAB_OFFLINE", () => {
  it("is not left aside where a command would be answered by an owner that is online", async () => {
    const bench = await createReadyBench();
    const owner = await openElsewhere(bench);
    const offline = createBench({}, "", { NASHLAB_OFFLINE: "1" });
    const { code, err } = await offline.run("status", "-C", bench.folder);
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/^nashlab: NASHLAB_OFFLINE is set here, but process \d+, which owns .*, is not offline;/u),
    ]);
    await owner.client.settings.setOffline({ isOffline: true });
    expect((await offline.run("status", "-C", bench.folder)).code).toBe(0);
    expect((await createBench({}, "", { NASHLAB_OFFLINE: "0" }).run("status", "-C", bench.folder)).code).toBe(0);
  });
});

describe("two commands that make an experiment in one folder at a moment", () => {
  it("make one: the other is refused and takes nothing of it away", async () => {
    const bench = createBench();
    const ended = await Promise.all([bench.run("init", bench.folder, "--name", "First"), bench.run("init", bench.folder, "--name", "Second")]);
    expect(ended.map(({ code }) => code).sort()).not.toEqual([0, 0]);
    expect(ended.some(({ code }) => code === 0)).toBe(true);
    expect((await bench.json("status", "-C", bench.folder))["experiment"]).toMatchObject({ name: ended[0].code === 0 ? "First" : "Second" });
  });
});

describe("open", () => {
  it("serves the page until it is interrupted, and commands attach to it meanwhile", { timeout: 60_000 }, async () => {
    const bench = createBench();
    const page = bench.start("open", bench.folder, "--no-browser");
    await expect.poll(() => page.soFar().out, { timeout: 45_000 }).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#host=\S+$/mu);
    const status = await bench.json("status", "-C", bench.folder);
    expect(status).toMatchObject({
      ok: true,
      experiment: { name: "experiment", config: { oracle: { kind: "people" } } },
      lab: { host: "http" },
    });
    const origin = new URL(page.soFar().out.trim()).origin;
    const reply = await fetch(origin);
    expect([reply.status, (await reply.text()).includes("<div id=")]).toEqual([200, true]);
    page.interrupt();
    expect((await page.ended).code).toBe(0);
    await expect(fetch(origin)).rejects.toThrow();
    expect((await bench.json("status", "-C", bench.folder))["lab"]).toMatchObject({ host: "cli" });
  });
});
