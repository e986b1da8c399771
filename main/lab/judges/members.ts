/** The oracles of a configuration, each ready to answer asks: behind an endpoint, as a policy of the lab, or by script. */
import { InternalError } from "#app/base/errors.ts";
import type { AskId } from "#app/base/ids.ts";
import type { EngineOptions } from "#app/domain/device.ts";
import { priceOf } from "#app/domain/endpoint.ts";
import type { EndpointJudge, LocalJudge } from "#app/domain/judge.ts";
import { type JuryMember, membersOf, type OracleConfig } from "#app/domain/oracle.ts";
import type { Oracle, OracleQuestion } from "#app/rounds/ports.ts";
import { endpointByName } from "#main/store/queries/endpoints.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { getCaps } from "../caps.ts";
import type { LabContext } from "../context.ts";
import { keyFor } from "./judge-terms.ts";
import { createLocalJudge } from "./local-judge.ts";
import type { MemberReply } from "./member-reply.ts";
import { askPaidJudge, type PaidJudge } from "./paid-judge.ts";
import { openPurse } from "./purse.ts";
import { watchForQuiet } from "./quiet-watch.ts";
import { loadTemplate, storedTemplate } from "./templates.ts";

export type AskedQuestion = OracleQuestion & { readonly askId: AskId };

export type Member = {
  readonly config: JuryMember;
  /** Asks that it can work on at the same time. */
  readonly parallel: number;
  ask(question: AskedQuestion, signal: AbortSignal): Promise<MemberReply>;
};

type Mode = "pairwise" | "listwise";

/** "-" stands for a member without a template. */
const NONE = "-";

/** The versions of the members' templates as an ask keeps them: one word a member. Null for people and scripts. */
export function templateVersions(lab: LabContext, config: OracleConfig, mode: Mode): string | null {
  const words = membersOf(config).map((member) => {
    const name = templateName(member, mode);
    return name === undefined ? NONE : loadTemplate(lab, name).version;
  });
  return words.every((word) => word === NONE) ? null : words.join(" ");
}

function templateName(member: JuryMember, mode: Mode): string | undefined {
  if (member.kind === "judge") return mode === "pairwise" ? member.template : member.listTemplate;
  return member.kind === "localJudge" ? member.template : undefined;
}

/** What members need of the run that they answer for. */
export type AskingRun = {
  /** The one that pays. */
  readonly round: number | null;
  readonly engine: () => EngineOptions;
  readonly onWait: (sentence: string) => void;
};

/** `versions` are those that the run was planned with. Throws where a key is missing. */
export async function openMembers(
  lab: LabContext,
  config: OracleConfig,
  versions: string | null,
  { round, engine, onWait }: AskingRun,
): Promise<Member[]> {
  const words = versions?.split(" ") ?? [];
  const purse = openPurse(lab.store.db, round, () => getCaps(lab.store.db));
  const underWay = new Map<string, Promise<unknown>>();
  return await Promise.all(
    membersOf(config).map(async (member, place) => {
      const version = words[place] ?? NONE;
      switch (member.kind) {
        case "judge":
          return await openPaid(lab, member, version, place, { purse, underWay, onWait });
        case "localJudge":
          return openLocal(lab, member, version, engine);
        case "targetLength":
        case "regex":
        case "wordList":
        case "preferenceMatrix":
        case "rubric":
          return ofScript(member, lab.oracles.make(member));
        default:
          return member satisfies never;
      }
    }),
  );
}

async function openPaid(
  lab: LabContext,
  config: EndpointJudge,
  version: string,
  place: number,
  shared: Pick<PaidJudge, "purse" | "underWay" | "onWait">,
): Promise<Member> {
  const endpoint = endpointByName(lab.store.db, config.endpoint);
  const key = await keyFor(lab, endpoint);
  const judge = {
    config,
    endpoint,
    key,
    template: storedTemplate(lab, version),
    price: priceOf(endpoint, config.model),
    member: place,
    chat: lab.chat,
    quiet: watchForQuiet(endpoint, shared.onWait, () => lab.clock.nowMs()),
    ...shared,
  };
  return {
    config,
    parallel: endpoint.parallel,
    ask: async ({ askId, messages, shown }, signal) =>
      await askPaidJudge(lab, judge, { askId }, { messages, texts: shown.map((response) => response.text) }, signal),
  };
}

function openLocal(lab: LabContext, config: LocalJudge, version: string, engine: () => EngineOptions): Member {
  const judge = createLocalJudge(lab, policyByName(lab.store.db, config.policy), storedTemplate(lab, version), engine);
  return {
    config,
    parallel: judge.parallel,
    ask: async ({ messages, shown }, signal) => await judge.ask({ messages, texts: shown.map((response) => response.text) }, signal),
  };
}

/** Scripts in a jury; alone they are asked in batches. */
function ofScript(config: JuryMember, oracle: Oracle): Member {
  return {
    config,
    parallel: 8,
    ask: async (question, signal) => {
      const { verdict, probability, promptTokens, replyTokens, costUsd, durationMs, rawReply } = await oracle.ask(question, signal);
      if (verdict === null) throw new InternalError("a script in a jury gave no verdict");
      const failure = verdict.kind === "invalid" ? verdict.reason : null;
      return {
        shown: { verdict, probability },
        scores: null,
        failure,
        rationale: null,
        rawReply,
        promptTokens,
        replyTokens,
        costUsd,
        durationMs,
      };
    },
  };
}
