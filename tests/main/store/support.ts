/** A store for tests: a database with one round's worth of rows, every id readable. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type {
  AskId,
  AttemptId,
  AuthorId,
  ContentHash,
  DeviceId,
  ImportId,
  JudgmentId,
  OracleId,
  PolicyId,
  PromptId,
  ResponseId,
  RoundId,
} from "#app/base/ids.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { Stage } from "#app/domain/round.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { migrate } from "#main/store/migrate.ts";
import { migrations } from "#main/store/migrations/all.ts";
import { closeAsk, planAsks } from "#main/store/queries/asks.ts";
import { endImport, insertImport, putPrompt } from "#main/store/queries/imports.ts";
import type { NewJudgment } from "#main/store/queries/judgments.ts";
import { insertPolicy, upsertCheckpoint } from "#main/store/queries/policies.ts";
import { insertResponse } from "#main/store/queries/responses.ts";
import { finishAttempt, insertAttempt, insertRound, setUnits, startAttempt } from "#main/store/queries/rounds.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

export const DEVICE = "device" as DeviceId;
export const ORACLE = "oracle" as OracleId;
export const ADA = "ada" as AuthorId;
export const BEN = "ben" as AuthorId;
export const ROUND = "round-1" as RoundId;
export const POLICY = "r0" as PolicyId;
export const CONFIG = experimentConfigSchema.parse({});

/** A database with the program's schema and nothing in it; closed when the test ends. */
export function openEmpty(): Connection {
  const db = openDatabase(join(tempFolder(), "experiment.db"));
  onTestFinished(() => {
    db.close();
  });
  // What survives a power cut is not tested here.
  db.exec("PRAGMA synchronous = OFF");
  migrate(db, migrations, 1);
  return db;
}

/** Authors, an oracle of people, a policy, two prompts and a round without attempts. */
export function openStocked(): Connection {
  const db = openEmpty();
  db.exec(`
    INSERT INTO device (id, name, is_local) VALUES ('${DEVICE}', 'here', 1);
    INSERT INTO author (id, name, kind) VALUES ('${ADA}', 'Ada', 'person'), ('${BEN}', 'Ben', 'person');
    INSERT INTO oracle (id, version, name, config) VALUES ('${ORACLE}', 'v1', 'people', '{"kind":"people","guidelines":""}');`);
  upsertCheckpoint(db, {
    hash: hash("c"),
    path: "/nowhere",
    family: "llama",
    parameterCount: 1,
    sizeBytes: 1,
    modifiedAtMs: 1,
    headerHash: hash("h"),
  });
  insertPolicy(db, { id: POLICY, name: "r0", checkpointHash: hash("c"), adapterHash: null, parentId: null, attemptId: null, createdAtMs: 1 });
  insertImport(db, { ...IMPORT, shapes: {}, choices: "{}", rejected: 0, startedAtMs: 1 });
  for (const n of [1, 2]) {
    const messages = [{ role: "user" as const, content: `Prompt ${n}` }];
    putPrompt(db, { id: prompt(n), hash: hash(String(n)), messages, split: "training", shard: 0, source: "test" }, IMPORT.id);
  }
  endImport(db, IMPORT.id, "done", 2);
  insertRound(db, { id: ROUND, number: 1, policyId: POLICY });
  return db;
}

const IMPORT = { id: "import" as ImportId, name: "test", contentHash: hash("f"), format: "jsonl" } as const;

export function hash(letter: string): ContentHash {
  return letter.repeat(64).slice(0, 64) as ContentHash;
}

export function prompt(n: number): PromptId {
  return `prompt-${n}` as PromptId;
}

/** A queued attempt of a stage, named by stage and number. */
export function attempt(db: Connection, stage: Stage, number = 1, round: RoundId = ROUND): AttemptId {
  const id = (round === ROUND ? `${stage}-${number}` : `${round}-${stage}-${number}`) as AttemptId;
  insertAttempt(db, { id, roundId: round, stage, number, inputHash: hash("i"), createdAtMs: 1, config: CONFIG });
  return id;
}

/** An attempt that has run and is done. */
export function doneAttempt(db: Connection, stage: Stage, number = 1): AttemptId {
  const id = attempt(db, stage, number);
  startAttempt(db, id, 10);
  finishAttempt(db, id, 20);
  return id;
}

/** A sampled response to a prompt; the sample index is part of its id. */
export function response(db: Connection, attemptId: AttemptId, promptNumber: number, sampleIndex: number, text = `text ${sampleIndex}`): ResponseId {
  const id = `${attemptId}/${promptNumber}/${sampleIndex}` as ResponseId;
  insertResponse(db, {
    id,
    promptId: prompt(promptNumber),
    policyId: POLICY,
    attemptId,
    source: "policy",
    sampleIndex,
    text,
    tokenIds: [sampleIndex],
    finishReason: "stop",
    logp: -1,
    isRepetitive: false,
  });
  return id;
}

/** A done sample stage with four responses to prompt 1 and a running judge stage that asks all their comparisons. */
export function openJudging(): {
  readonly db: Connection;
  readonly judge: AttemptId;
  readonly asks: readonly AskId[];
  readonly responses: readonly ResponseId[];
} {
  const db = openStocked();
  const sample = doneAttempt(db, "sample");
  const responses = [0, 1, 2, 3].map((i) => response(db, sample, 1, i));
  setUnits(db, sample, 4, 4);
  const judge = attempt(db, "judge");
  startAttempt(db, judge, 30);
  const shown = responses.flatMap((first, i) => responses.slice(i + 1).map((second) => [first, second] as const));
  const asks = shown.map((_, i) => `ask-${i}` as AskId);
  planAsks(
    db,
    judge,
    ORACLE,
    DEVICE,
    shown.map((pair, i) => ({
      id: `ask-${i}` as AskId,
      promptId: prompt(1),
      shown: pair,
      purpose: "training",
      mode: "pairwise",
      guidelineVersion: null,
    })),
  );
  return { db, judge, asks, responses };
}

let judgmentCount = 0;

/** A judgment of an ask's two responses, by Ada unless said otherwise. */
export function judgment(db: Connection, askId: AskId, verdict: Verdict, more: Partial<NewJudgment> = {}): NewJudgment {
  const shown = db.all("SELECT response_id FROM ask_response WHERE ask_id = $id ORDER BY response_id", { id: askId });
  const [first, second] = shown.map((row) => row["response_id"] as ResponseId);
  if (first === undefined || second === undefined) throw new Error(`${askId} shows fewer than two responses`);
  judgmentCount += 1;
  return {
    id: `judgment-${String(judgmentCount).padStart(6, "0")}` as JudgmentId,
    askId,
    firstId: first,
    secondId: second,
    verdict,
    probability: null,
    criterion: null,
    rationale: null,
    madeAtMs: 40,
    supersedesId: null,
    isRetraction: false,
    reinstatesId: null,
    authorId: ADA,
    deviceId: DEVICE,
    requestId: null,
    ...more,
  };
}

export const FIRST: Verdict = { kind: "prefers", winner: "first", strength: "clear" };
export const SECOND: Verdict = { kind: "prefers", winner: "second", strength: "slight" };
export const TIE: Verdict = { kind: "tie" };

/** Closes an ask with one judgment and returns the judgment. */
export function answer(db: Connection, askId: AskId, verdict: Verdict = FIRST, more: Partial<NewJudgment> = {}): NewJudgment {
  const made = judgment(db, askId, verdict, more);
  closeAsk(db, askId, made.authorId, ANSWERED, [made], [], 50);
  return made;
}

export const ANSWERED = { outcome: "answered", rawReply: null, promptTokens: null, replyTokens: null, costUsd: null, durationMs: 5 } as const;
