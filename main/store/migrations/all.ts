/** The schema's history in order. */
import { initial } from "./0001-initial.ts";
import { judgmentSummary } from "./0002-judgment-summary.ts";
import { results } from "./0003-results.ts";
import { annotating } from "./0004-annotating.ts";
import { judges } from "./0005-judges.ts";
import { roundsAndPolicies } from "./0006-rounds-and-policies.ts";
import { evaluationVersion } from "./0007-evaluation-version.ts";
import { liveJudgmentsByAsk } from "./0008-live-judgments-by-ask.ts";
import { roundsForReal } from "./0009-rounds-for-real.ts";
import { attemptDevices } from "./0010-attempt-devices.ts";
import { corrections } from "./0011-corrections.ts";
import { imports } from "./0012-imports.ts";
import { attemptPrecision } from "./0013-attempt-precision.ts";
import { answerCircles } from "./0014-answer-circles.ts";
import { attemptImports } from "./0015-attempt-imports.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [
  initial,
  judgmentSummary,
  results,
  annotating,
  judges,
  roundsAndPolicies,
  evaluationVersion,
  liveJudgmentsByAsk,
  roundsForReal,
  attemptDevices,
  corrections,
  imports,
  attemptPrecision,
  answerCircles,
  attemptImports,
];
