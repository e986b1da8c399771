/** What came back from a judge, and the JSON found in it. */
import { judgeWords } from "#app/text/judges.ts";

export type JudgeReply = {
  readonly text: string;
  /** stop: by itself; length: cut at the most tokens; filter: held back by the endpoint. */
  readonly finish: "stop" | "length" | "filter" | "other";
  /** The model's own words for not answering, where the endpoint tells them apart. */
  readonly refusal: string | null;
  /** Most likely first tokens with their log-probabilities in nats; null where the endpoint gives none. */
  readonly firstTokens: readonly { readonly token: string; readonly logprob: number }[] | null;
};

/** No usable answer; `isFinal` where asking again would only cost again (a refusal). */
export type Unusable = { readonly kind: "unusable"; readonly reason: string; readonly isFinal: boolean };

export function unusable(reason: string, isFinal = false): Unusable {
  return { kind: "unusable", reason, isFinal };
}

/** Why a reply is unusable whatever it says: refused, held back, cut off or empty. */
export function unusableAsAWhole(reply: JudgeReply): Unusable | undefined {
  if (reply.refusal !== null) return unusable(judgeWords.refused(start(reply.refusal)), true);
  if (reply.finish === "filter") return unusable(judgeWords.heldBack, true);
  // Half a reply may end in the middle of the other side's praise.
  if (reply.finish === "length") return unusable(judgeWords.cutShort(start(reply.text)));
  if (reply.text.trim() === "") return unusable(judgeWords.emptyReply);
  return undefined;
}

/** The first words of a reply, for a reason. */
export function start(text: string): string {
  const line = text.trim().replace(/\s+/gu, " ");
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}...` : line);
}

/**
 * What a reply says once it has thought: all after the last `</think>`, or undefined where the thinking has no end. Many
 * servers leave out the mark that opens it. A reply that is one object, alone or in a code fence, may speak of the marks.
 */
export function afterThinking(text: string): string | undefined {
  if (parseObject(/^\s*```(?:json)?\n([\s\S]*)\n```\s*$/u.exec(text)?.[1] ?? text) !== undefined) return text;
  const said = text.replace(/^[\s\S]*<\/think>/u, "");
  return said.includes("<think>") ? undefined : said;
}

export type FoundObjects = {
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  /** The words beside them, and what looks like an object and is none. */
  readonly rest: string;
};

/** The JSON objects of a reply: the whole text as one, else those that stand among other words (in a code fence, say). */
export function objectsIn(text: string): FoundObjects {
  const whole = parseObject(text);
  if (whole !== undefined) return { objects: [whole], rest: "" };
  const found = balancedObjects(text).flatMap((stretch) => {
    const object = parseObject(stretch);
    return object === undefined ? [] : [{ stretch, object }];
  });
  return {
    objects: found.map(({ object }) => object),
    rest: found.reduce((rest, { stretch }) => rest.replace(stretch, () => "\n"), text),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // Not JSON: the caller looks elsewhere, or says so.
    return undefined;
  }
}

/** Stretches from an opening brace to its closing one, outermost first; braces within JSON strings do not count. */
function balancedObjects(text: string): string[] {
  const found: string[] = [];
  let [depth, from, isInString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (isInString) {
      if (char === "\\") i += 1;
      else if (char === '"') isInString = false;
    } else if (char === '"' && depth > 0) isInString = true;
    else if (char === "{") {
      if (depth === 0) from = i;
      depth += 1;
    } else if (char === "}" && depth > 0) {
      depth -= 1;
      if (depth === 0) found.push(text.slice(from, i + 1));
    }
  }
  return found;
}
