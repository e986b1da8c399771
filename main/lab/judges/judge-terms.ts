/** On what terms an endpoint's judge can be asked: found, allowed, priced, with its key. Said before a run, and held during it. */
import { ConfigError, ConflictError } from "#app/base/errors.ts";
import { type Endpoint, hostOf, isLoopback, isPrivate, originOf, priceOf } from "#app/domain/endpoint.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { EndpointJudge } from "#app/domain/judge.ts";
import { membersOf } from "#app/domain/oracle.ts";
import { judgeWords } from "#app/text/judges.ts";
import { endpointByName, isHostAllowed } from "#main/store/queries/endpoints.ts";
import { promptCounts } from "#main/store/queries/experiments.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { getCaps } from "../caps.ts";
import type { LabContext } from "../context.ts";
import { loadTemplate } from "./templates.ts";

/** Throws what stands in the way of asking the configuration's AI judges, the first thing first; people and scripts pass. */
export function requireJudges(lab: LabContext, config: Pick<ExperimentConfig, "oracle" | "judging">): void {
  const { oracle, judging } = config;
  if (judging.mode === "listwise" && (oracle.kind === "jury" || oracle.kind === "localJudge")) {
    throw new ConfigError(judgeWords.isPairwise(oracle.kind));
  }
  for (const member of membersOf(oracle)) {
    if (member.kind === "judge") {
      requireTemplate(lab, member.template, "pairwise");
      if (judging.mode === "listwise") requireTemplate(lab, member.listTemplate, "listwise");
      requireReachable(lab, member);
    } else if (member.kind === "localJudge") {
      requireTemplate(lab, member.template, "pairwise", "letter");
      policyByName(lab.store.db, member.policy);
    }
  }
}

function requireTemplate(lab: LabContext, name: string, mode: "pairwise" | "listwise", reply?: "letter"): void {
  const template = loadTemplate(lab, name);
  if (template.mode !== mode) throw new ConfigError(judgeWords.wrongTemplate(mode, name, template.mode));
  if (reply !== undefined && template.reply !== reply) throw new ConfigError(judgeWords.wantsLetter(name, template.reply));
}

/** Whether anything may be sent there now: not offline, the host confirmed, the price known if there is a cap. */
function requireReachable(lab: LabContext, judge: EndpointJudge): void {
  const { db } = lab.store;
  const endpoint = endpointByName(db, judge.endpoint);
  const host = hostOf(endpoint.baseUrl);
  lab.network.requireReachable(endpoint.baseUrl);
  if (!isLoopback(host) && !isHostAllowed(db, host)) {
    const prompts = Object.values(promptCounts(db)).reduce((sum, count) => sum + count, 0);
    throw new ConflictError(judgeWords.notAllowed(prompts, host), {
      unconfirmedHost: host,
      prompts,
    });
  }
  const { roundUsd, totalUsd } = getCaps(db);
  if ((roundUsd !== null || totalUsd !== null) && priceOf(endpoint, judge.model) === undefined) {
    throw new ConflictError(judgeWords.noPrice(judge.model, endpoint.name, endpoint.baseUrl), { unpricedModel: judge.model });
  }
}

/** The endpoint's key; undefined where none is needed. Throws ConflictError where one is. */
export async function keyFor(lab: LabContext, endpoint: Endpoint): Promise<string | undefined> {
  const origin = originOf(endpoint.baseUrl);
  const key = await lab.secrets.get(origin);
  const host = hostOf(endpoint.baseUrl);
  if (key !== undefined || isPrivate(host)) return key;
  throw new ConflictError(judgeWords.noKey(host, endpoint.name, lab.secrets.variableOf(origin)), { host });
}
