/** The report for support: what helps is in it, and nothing of what was planted. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { makeCheckpoint, openTestLab, runRound, SCRIPTED, setUp } from "./support.ts";

const KEY = "sk-planted-0123456789abcdef0123456789";
const PLANTED = "marzipan";
/** A word of a text in an error, between no quotes: nothing can tell it from the lab's own. */
const UNQUOTED = "nougat";

it("holds versions, findings, settings, counts and states, and no text, key, name or path; errors where they are asked for", async () => {
  const folder = join(tempFolder(), "of-mallory");
  const config = { ...SCRIPTED, oracle: { kind: "people", guidelines: `Prefer ${PLANTED}.` }, sampling: { ...SCRIPTED.sampling, stop: [PLANTED] } };
  const { client, db } = await openTestLab(folder);
  await setUp({ client, folder }, { training: 2, validation: 2, config });
  await client.experiments.importPrompts({
    path: "p.jsonl",
    text: `{"prompt": "Tell me of ${PLANTED}", "split": "training"}\n`,
    skipRejected: false,
  });
  await client.settings.saveEndpoint({ name: PLANTED, baseUrl: `https://${PLANTED}.example/v1` });
  await client.settings.setKey({ name: PLANTED, key: KEY });
  await runRound(client);
  const writable = openDatabase(join(folder, DATABASE_NAME));
  const error = `cannot read ${folder}/model: got "${PLANTED} said so" after ${UNQUOTED} from https://${PLANTED}.example/v1 with ${KEY}`;
  writable.run("UPDATE stage_attempt SET error = $error", { error });
  writable.close();

  const path = join(tempFolder(), "report.json.gz");
  const { parts } = await client.settings.writeReport({ path });
  expect(parts).toEqual(["lab", "doctor", "settings", "counts", "attempts"]);
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  const texts = db
    .all("SELECT text FROM response")
    .map((row) => String(row["text"]))
    .filter((one) => one.length > 12);
  expect(texts.length).toBeGreaterThan(0);
  for (const secret of [PLANTED, UNQUOTED, KEY, folder, "mallory", "Training prompt", hostname(), ...texts]) expect(text).not.toContain(secret);
  const report = JSON.parse(text) as {
    counts: Record<string, number>;
    attempts: readonly { error: string; stage: string }[];
    settings: { seed: number };
  };
  expect(report.counts["prompt"]).toBe(5);
  expect(report.settings.seed).toBe(7);
  expect(report.attempts[0]).toMatchObject({ stage: "sample", state: "done" });
  expect(report.attempts[0]?.error).toBe("(left out)");

  await client.settings.writeReport({ path, withErrors: true });
  const withErrors = gunzipSync(readFileSync(path)).toString("utf8");
  for (const secret of [PLANTED, KEY, folder, "mallory", hostname()]) expect(withErrors).not.toContain(secret);
  expect(withErrors).toMatch(/cannot read \(path\).*: got \(text\) after nougat from \(address\) with \(word\)/u);
});

it("tells no folder whose name has spaces, of the experiment, of a model or of a file in between", async () => {
  const folder = join(tempFolder(), "Project Falcon");
  const models = join(tempFolder(), "Models of Falcon");
  mkdirSync(models);
  const { client } = await openTestLab(folder);
  await setUp({ client, folder }, { training: 2, validation: 2 });
  const there = makeCheckpoint(models, "made for 20 words");
  await client.policies.add({ path: there, name: "there" });
  const gone = makeCheckpoint(models, "made for 30 words");
  await client.policies.add({ path: gone, name: "gone" });
  rmSync(gone, { recursive: true });
  await runRound(client, "sample");
  const writable = openDatabase(join(folder, DATABASE_NAME));
  const error = `neither ${folder}/a b/c d.json nor ${models} nor ${there}/config.json nor /data/of the falcon/x.json in Project Falcon: a loss of 2.5`;
  writable.run("UPDATE stage_attempt SET error = $error", { error });
  writable.close();

  const path = join(tempFolder(), "report.json.gz");
  for (const withErrors of [false, true]) {
    await client.settings.writeReport({ path, withErrors });
    const text = gunzipSync(readFileSync(path)).toString("utf8");
    expect(text).not.toMatch(/falcon|made for/iu);
    const { doctor } = JSON.parse(text) as { doctor: readonly { name: string; ok: boolean; found: string }[] };
    const found = doctor.filter(({ name }) => name === "a policy").map(({ ok, found }) => [ok, found]);
    expect(found).toContainEqual([true, "(left out)"]);
    expect(found).toContainEqual([false, withErrors ? "its checkpoint is no longer at (path)" : "(left out)"]);
    if (withErrors) expect(text).toContain(": a loss of 2.5");
  }
});
