/**
 * A judge stage of many comparisons against a server that misbehaves, in a lab that is killed again and again: what was
 * acknowledged, what the server was asked, and what it would have charged for, compared at the end.
 */
import { fork } from "node:child_process"; // eslint-disable-line no-restricted-syntax -- the test is the host of the lab that it kills
import { join } from "node:path";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { rngFor } from "#app/base/random.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { totalSpending, type Spending } from "#main/store/queries/spending.ts";
import { makeCheckpoint, openLabOnFakes, SCRIPTED, writeLines } from "#tests/main/lab/support.ts";
import { type Behaviour, type JudgeServer, type ReceivedCall, shorterWins } from "./judge-server.ts";

/** K responses to a prompt make K (K - 1) / 2 comparisons, each in two orders. */
export type SoakSize = { readonly prompts: number; readonly responsesPerPrompt: number };

const PRICE = { model: "judge", inputUsdPerMillion: 10, outputUsdPerMillion: 100 };
/** Of one reply: 100 tokens in, 20 out. */
const REPLY_USD = (100 * PRICE.inputUsdPerMillion + 20 * PRICE.outputUsdPerMillion) / 1e6;

export type Soak = {
  readonly asks: number;
  readonly kills: number;
  readonly settled: unknown;
  readonly violations: readonly string[];
  /** Asks that do not have exactly one live judgment. */
  readonly withoutOneAnswer: number;
  /** Requests that reached the server after a kill that found their reply acknowledged. */
  readonly askedAgain: number;
  /** Requests that the server would have charged for more often than the lab counts with, by Idempotency-Key. */
  readonly undercounted: number;
  /** Replies that the server would have charged for besides, and those that the lab says may have been. */
  readonly doublyPaid: number;
  readonly possiblyPaidTwice: number;
  /** What the server would have charged, and what the lab counts against its caps. */
  readonly billUsd: number;
  readonly spending: Spending;
  readonly calls: number;
  /** Requests that got no reply that could be read. */
  readonly misbehaved: number;
};

/** One request in `oneIn` meets one of the ways in which a server misbehaves. */
export function misbehaving(oneIn: number): (call: ReceivedCall) => Behaviour {
  const ways = (call: ReceivedCall): readonly Behaviour[] => {
    const good = shorterWins(call);
    const content = good.kind === "answer" ? good.content : "";
    return [
      { kind: "status", status: 429 },
      { kind: "status", status: 429, headers: { "retry-after-ms": "20" } },
      { kind: "status", status: 500 },
      { kind: "silence" },
      { kind: "cut" },
      { kind: "cut", content },
      { kind: "late", content, afterMs: 400 },
      { kind: "raw", body: '{"choices":[{"mess' },
      { kind: "answer", content: content.slice(0, 12) },
      { kind: "answer", content: "", more: { refusal: "No." } },
      { kind: "answer", content, more: { usage: { prompt_tokens: 0, completion_tokens: 1e15 } } },
    ];
  };
  return (call) => {
    const rng = rngFor(call.count, "misbehave");
    if (rng.below(oneIn) !== 0) return shorterWins(call);
    const all = ways(call);
    return all[rng.below(all.length)] ?? shorterWins(call);
  };
}

/** Makes the experiment and its responses in `folder`; nothing is judged yet. */
export async function prepareSoak(folder: string, size: SoakSize, url: string): Promise<void> {
  const lab = await openLabOnFakes(folder);
  const client = lab.client("owner");
  const oracle = { kind: "judge", endpoint: "here", model: "judge" };
  const sampling = { responsesPerPrompt: size.responsesPerPrompt };
  await client.experiments.create({ name: "Soak", config: experimentConfigSchema.parse({ ...SCRIPTED, oracle, sampling }) });
  await client.policies.add({ path: makeCheckpoint(folder, "base") });
  const prompts = Array.from({ length: size.prompts }, (_, i) => ({ prompt: `Question ${i}`, split: "training" }));
  await client.experiments.importPrompts({ path: writeLines(folder, "prompts.jsonl", prompts), skipRejected: false });
  await client.settings.saveEndpoint({ name: "here", baseUrl: url, prices: [PRICE], timeoutMs: 300, parallel: 16 });
  await client.settings.setCaps({ roundUsd: null, totalUsd: null });
  await client.rounds.start({ until: "sample" });
  await client.rounds.settle();
  await lab.close();
}

/** Lets labs judge and kills them, `kills` times spread over about so many asks; the last one ends by itself. */
export async function runSoak(folder: string, server: JudgeServer, kills: number, asks: number): Promise<Soak> {
  const charged = new Map<string, number>();
  const acknowledged = new Set<string>();
  const again: string[] = [];
  let misbehaved = 0;
  const { behave } = server;
  let onCall: () => void = () => undefined;
  server.behave = (call) => {
    if (acknowledged.has(call.idempotencyKey)) again.push(call.idempotencyKey);
    const behaviour = behave(call);
    // What is turned away costs nothing; all else was work for the server, whether or not its reply arrives.
    if (behaviour.kind !== "status") charged.set(call.idempotencyKey, (charged.get(call.idempotencyKey) ?? 0) + 1);
    if (behaviour.kind !== "answer") misbehaved += 1;
    onCall();
    return behaviour;
  };
  let settled: unknown;
  for (let kill = 0; kill <= kills; kill++) {
    const threshold = kill === kills ? Infinity : Math.floor(((kill + 0.5) / kills) * asks);
    // eslint-disable-next-line no-restricted-syntax -- as above
    const child = fork(join(import.meta.dirname, "judge-lab-child.ts"), [folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child.on("message", (message) => (settled = message));
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    onCall = () => {
      if (charged.size >= threshold) child.kill("SIGKILL");
    };
    await exited;
    read(folder, (db) => {
      for (const row of db.all("SELECT id FROM judge_request WHERE state <> 'open'")) acknowledged.add(String(row["id"]));
    });
  }
  return read(folder, (db) => outcome(db, { server, charged, again, kills, settled, misbehaved }));
}

type Watched = {
  readonly server: JudgeServer;
  readonly charged: ReadonlyMap<string, number>;
  readonly again: readonly string[];
  readonly kills: number;
  readonly settled: unknown;
  readonly misbehaved: number;
};

function outcome(db: Connection, { server, charged, again, kills, settled, misbehaved }: Watched): Soak {
  const count = (sql: string): number => Number(db.get(sql)?.["n"]);
  const unsure = new Map(db.all("SELECT id, unsure_sends FROM judge_request").map((row) => [String(row["id"]), Number(row["unsure_sends"])]));
  const spending = totalSpending(db);
  return {
    asks: count("SELECT count(*) AS n FROM ask"),
    kills,
    settled,
    violations: findViolations(db).map((violation) => violation.name),
    withoutOneAnswer: count(
      "SELECT count(*) AS n FROM ask k WHERE k.outcome = 'open' OR (SELECT count(*) FROM current_judgment j WHERE j.ask_id = k.id) <> 1",
    ),
    askedAgain: again.length,
    undercounted: [...charged].filter(([key, times]) => times > 1 + (unsure.get(key) ?? -1)).length,
    doublyPaid: [...charged.values()].reduce((sum, times) => sum + times - 1, 0),
    possiblyPaidTwice: spending.possiblyPaidTwice,
    billUsd: REPLY_USD * [...charged.values()].reduce((sum, times) => sum + times, 0),
    spending,
    calls: server.calls.length,
    misbehaved,
  };
}

function read<Result>(folder: string, query: (db: Connection) => Result): Result {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    return query(db);
  } finally {
    db.close();
  }
}
