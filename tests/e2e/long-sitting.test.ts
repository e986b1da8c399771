/** A sitting of 200 comparisons by keyboard with undo, reload and a killed lab in the middle, and two people at once: the database holds exactly what was pressed. */
import { type ChildProcess, fork } from "node:child_process"; // eslint-disable-line no-restricted-syntax -- the test is the host of the lab that it kills
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { makeToken } from "#main/host/tokens.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { openReadyLab, openTestLab, runRound, SCRIPTED, setUp, violationsOf } from "#tests/main/lab/support.ts";
import { askOnScreen, judge, type Meant, pressAt, sitDown } from "#tests/support/annotator.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { servePage } from "#tests/support/served-page.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const PEOPLE = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 2 } } as const;
const COMPARISONS = 200;

describeInChromium("a long sitting", (pages) => {
  it("of 200 comparisons loses nothing to undo, reload and a lab that is killed", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, { config: PEOPLE, training: COMPARISONS, validation: 1 });
    await runRound(first.client, "judge");
    await first.lab.close();

    const token = makeToken();
    let server = await startServedLab(folder, token, 0);
    const page = await openPage(`http://127.0.0.1:${server.port}/#token=${token}`, true);
    await sitDown(page, "Ada");
    const meant = new Map<string, Meant>();
    let asked = "";
    for (let i = 0; i < COMPARISONS; i += 1) {
      asked = await judge(page, asked, pressAt(i), meant);
      if (i % 40 === 19) {
        // Two back, one forward again, and another verdict for the last.
        const next = await askOnScreen(page, asked);
        await page.getByText("All saved").waitFor();
        await page.keyboard.press("Control+z");
        expect(await askOnScreen(page, next)).toBe(asked);
        await page.keyboard.press("Control+z");
        const before = await askOnScreen(page, asked);
        await page.keyboard.press("Control+Shift+z");
        expect(await askOnScreen(page, before)).toBe(asked);
        asked = await judge(page, before, pressAt(i + 5), meant);
      }
      if (i === 70 || i === 130) await page.reload();
      if (i === 100) {
        server.kill();
        await page.getByText("The lab is not answering").waitFor();
        // What was fetched ahead is judged while the lab is dead.
        for (let k = 0; k < 2; k += 1) asked = await judge(page, asked, pressAt(i + k + 3), meant);
        i += 2;
        server = await startServedLab(folder, token, server.port);
        await page.getByText("The lab answers again").waitFor();
      }
    }
    await page.getByText("No comparisons are waiting").waitFor();
    await page.getByText("All saved").waitFor();

    const db = openReadOnly(folder);
    expect(meant.size).toBe(COMPARISONS);
    expect(heldBy(db)).toEqual(new Map([...meant].map(([id, { verdict }]) => [id, verdict])));
    expect(violationsOf(db)).toEqual([]);
  });

  it("of two people at once gives nobody the other's comparisons, and keeps each verdict under its name", async () => {
    const lab = await openReadyLab({ config: PEOPLE, training: 40, validation: 1 });
    await runRound(lab.client, "judge");
    const served = await servePage(pages.root(), lab.lab.router);
    onTestFinished(async () => {
      await served.close();
    });
    const sit = async (name: string): Promise<ReadonlyMap<string, Meant>> => {
      const page = await openPage(served.url, false);
      await sitDown(page, name);
      const meant = new Map<string, Meant>();
      let asked = "";
      for (let i = 0; ; i += 1) {
        const which = await page.waitForSelector(`[data-ask]:not([data-ask="${asked}"]), .empty`);
        if ((await which.getAttribute("data-ask")) === null) break;
        asked = await judge(page, asked, pressAt(name === "Ada" ? i : i + 3), meant);
      }
      await page.getByText("All saved").waitFor();
      return meant;
    };
    const [ada, ben] = await Promise.all([sit("Ada"), sit("Ben")]);
    expect([...ada.keys()].filter((id) => ben.has(id))).toEqual([]);
    expect(ada.size + ben.size).toBe(40);
    expect(Math.min(ada.size, ben.size)).toBeGreaterThan(0);
    for (const [name, meant] of [
      ["Ada", ada],
      ["Ben", ben],
    ] as const) {
      expect(heldBy(lab.db, name)).toEqual(new Map([...meant].map(([id, { verdict }]) => [id, verdict])));
    }
    expect(violationsOf(lab.db)).toEqual([]);
  });

  async function openPage(url: string, isAwayExpected: boolean): Promise<Page> {
    return (await pages.open(url, { isAwayExpected })).page;
  }

  function openReadOnly(folder: string): Connection {
    const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
    onTestFinished(() => {
      db.close();
    });
    return db;
  }

  type ServedLab = { readonly port: number; kill(): void };

  async function startServedLab(folder: string, token: string, port: number): Promise<ServedLab> {
    // eslint-disable-next-line no-restricted-syntax -- as above
    const child: ChildProcess = fork(join(import.meta.dirname, "..", "support", "served-lab-child.ts"), [folder, pages.root(), token, String(port)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const ready = await new Promise<{ readonly port: number }>((resolve, reject) => {
      child.once("message", (message) => {
        resolve(message as { readonly port: number }); // the child sends nothing else
      });
      child.once("exit", (code) => {
        reject(new Error(`the lab ended with ${String(code)} before it served`));
      });
    });
    return { port: ready.port, kill: () => void child.kill("SIGKILL") };
  }
});

/** The verdicts in force as their people saw them, by ask. */
function heldBy(db: Connection, author = "Ada"): ReadonlyMap<string, ShownVerdict> {
  const rows = db.all(
    `SELECT s.ask_id, s.shown_verdict, s.strength FROM shown_judgment s JOIN author a ON a.id = s.author_id WHERE a.name = $author AND s.criterion = ''`,
    { author },
  );
  return new Map(
    rows.map((row): [string, ShownVerdict] => {
      const says = String(row["shown_verdict"]);
      const strength = row["strength"] === "clear" ? "clear" : "slight";
      if (says === "shownFirst" || says === "shownSecond") {
        return [String(row["ask_id"]), { kind: "prefers", side: says === "shownFirst" ? "left" : "right", strength }];
      }
      return [String(row["ask_id"]), { kind: says === "abstains" ? "skip" : says === "tie" ? "tie" : "bothBad" }];
    }),
  );
}
