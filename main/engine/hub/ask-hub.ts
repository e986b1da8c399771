/** Asks the hub what a revision of a model is and which files it has, through Hugging Face's own package. */
import { HubApiError, listFiles, modelInfo } from "@huggingface/hub";
import { CancelledError, EngineError, LabError } from "#app/base/errors.ts";
import type { HubSource } from "#app/domain/hub-source.ts";
import { hubWords } from "#app/text/hub.ts";
import { chooseFiles } from "./choose-files.ts";
import { causeOf, type HubFile } from "./fetch-blob.ts";
import { MAX_TRIES, millisecondsToWait, statusError, tryLater, type Wait } from "./hub-replies.ts";

const LICENSE_TAG = "license:";

export type HubQuestion = {
  readonly source: HubSource;
  /** Of the hub, without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: typeof fetch;
  readonly wait: Wait;
  readonly signal: AbortSignal;
};

/** A model at one commit, with those of its files that make a checkpoint. */
export type HubModel = {
  readonly commit: string;
  readonly files: readonly HubFile[];
  /** As the model's page names it, such as "apache-2.0"; null where it says none. */
  readonly license: string | null;
};

/** Throws ConfigError or NotFoundError for what the hub refuses or has no checkpoint of, EngineError when it cannot be reached (`isAway`). */
export async function askHub(question: HubQuestion): Promise<HubModel> {
  const { source, url, signal } = question;
  const what = `hf:${source.repo}${source.revision === "main" ? "" : `@${source.revision}`}`;
  const common = { hubUrl: url, fetch: politeFetch(question) };
  try {
    const info = await modelInfo({ ...common, name: source.repo, revision: source.revision, additionalFields: ["sha", "tags"] });
    const { sha } = info;
    const found: HubFile[] = [];
    for await (const { type, path, size, oid, lfs } of listFiles({ ...common, repo: { type: "model", name: source.repo }, revision: sha })) {
      const etag = lfs?.oid ?? oid;
      if (type !== "file" || !isPlainName(path) || etag === undefined || !/^[0-9a-f]{40,64}$/u.test(etag)) continue;
      found.push({ name: path, bytes: lfs?.size ?? size, etag, hash: lfs === undefined ? "git" : "sha256" });
    }
    const chosen = new Set(
      chooseFiles(
        source,
        found.map(({ name }) => name),
      ),
    );
    return { commit: sha, license: licenseOf(info.tags), files: found.filter(({ name }) => chosen.has(name)) };
  } catch (thrown) {
    if (signal.aborted) throw new CancelledError();
    if (thrown instanceof HubApiError) throw statusError(thrown.statusCode, what, isGated(thrown));
    if (thrown instanceof LabError || !(thrown instanceof Error)) throw thrown;
    throw new EngineError(hubWords.unreachable(what, new URL(url).host, causeOf(thrown)), { isAway: true }, { cause: thrown });
  }
}

/** Of the tags that the hub makes of a model's card. */
function licenseOf(tags: unknown): string | null {
  const named = Array.isArray(tags) ? tags.find((tag): tag is string => typeof tag === "string" && tag.startsWith(LICENSE_TAG)) : undefined;
  return named?.slice(LICENSE_TAG.length) ?? null;
}

/** The hub says so in words; the address of the request, which the message also has, does not count. */
function isGated({ data }: HubApiError): boolean {
  return data !== undefined && "error" in data && typeof data["error"] === "string" && /gated|restricted/iu.test(data["error"]);
}

/** At the top of the repository: nothing of a listing may lead out of the snapshot's folder. */
function isPlainName(path: string): boolean {
  return !/[/\\]/u.test(path) && !path.startsWith(".");
}

/** Waits and tries again where the hub says so; the token goes to the hub's own address alone. */
function politeFetch({ url, token, fetch: fetchOut, wait, signal }: HubQuestion): typeof fetch {
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const isHub = new URL(address).origin === new URL(url).origin;
    const headers = new Headers(init?.headers);
    if (token !== undefined && isHub) headers.set("Authorization", `Bearer ${token}`);
    for (let tries = 1; ; tries++) {
      const reply = await fetchOut(address, { ...init, headers, signal });
      if (!tryLater(reply.status) || tries >= MAX_TRIES) return reply;
      await reply.body?.cancel();
      await wait(millisecondsToWait(reply, tries), signal);
    }
  };
}
