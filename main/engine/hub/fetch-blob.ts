/** Fetches one file of the hub into its blob: resumed where it was cut, its size and hash checked before it counts. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CancelledError, DataError, EngineError } from "#app/base/errors.ts";
import { hubWords } from "#app/text/hub.ts";
import { MAX_TRIES, millisecondsToWait, statusError, tryLater, type Wait } from "./hub-replies.ts";

export type HubFile = {
  readonly name: string;
  readonly bytes: number;
  /** Names the blob; what the content must hash to. */
  readonly etag: string;
  /** How the etag is made: of large files the SHA-256, of others git's own hash. */
  readonly hash: "sha256" | "git";
};

export type BlobRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly file: HubFile;
  readonly path: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly wait: Wait;
  readonly onBytes: (doneBytes: number) => void;
};

/**
 * The blob is there, whole and of the right hash, when this resolves. What was fetched before a failure stays and is gone
 * on with. Throws ConfigError or NotFoundError for what the hub refuses, EngineError when it cannot be reached, DataError for
 * another content than it promised, CancelledError.
 */
export async function fetchBlob(request: BlobRequest): Promise<void> {
  const { file, path } = request;
  const partial = `${path}.nashlab.incomplete`;
  await mkdir(dirname(path), { recursive: true });
  let wrongHash: string | undefined;
  for (;;) {
    await fetchAll(request, partial);
    const found = await hashOf(partial, file);
    if (found === file.etag) break;
    await rm(partial, { force: true });
    if (wrongHash !== undefined) {
      throw new DataError(hubWords.wrongHash(file.name, file.etag, found, wrongHash), {
        name: file.name,
      });
    }
    // What was begun by an earlier run may have been of another content: once more from the start.
    wrongHash = found;
  }
  await rename(partial, path);
}

/** Until the partial file has all its bytes. */
async function fetchAll(request: BlobRequest, partial: string): Promise<void> {
  const { file, signal, wait } = request;
  let failures = 0;
  for (;;) {
    const before = await sizeOf(partial);
    if (before === file.bytes) return;
    if (before !== undefined && before > file.bytes) await rm(partial, { force: true });
    const trouble = await fetchSome(request, partial).catch((thrown: unknown) => asTrouble(thrown, signal));
    if (trouble === undefined) continue;
    failures = ((await sizeOf(partial)) ?? 0) > (before ?? 0) ? 1 : failures + 1;
    if (failures >= MAX_TRIES)
      throw new EngineError(hubWords.gaveUp(file.name, trouble.reason, failures), {
        name: file.name,
      });
    await wait(millisecondsToWait(trouble.reply, failures), signal);
  }
}

/** What goes away by trying again. */
type Trouble = { readonly reason: string; readonly reply?: Response };

/** One request, from where the partial file ends. Undefined if it brought what it announced. */
async function fetchSome(request: BlobRequest, partial: string): Promise<Trouble | undefined> {
  const { url, headers, file, fetch: fetchOut, signal } = request;
  const start = (await sizeOf(partial)) ?? 0;
  const reply = await fetchOut(url, { headers: { ...headers, ...(start > 0 ? { Range: `bytes=${start}-` } : {}) }, signal });
  const isContinued = start > 0 && reply.status === 206 && startsAt(reply, start);
  if (reply.status === 200 || isContinued) {
    // A server that ignores the range sends all of it.
    if (!isContinued) await rm(partial, { force: true });
    return (await append(request, partial, reply)) < file.bytes ? { reason: hubWords.connectionCut } : undefined;
  }
  await reply.body?.cancel();
  if (tryLater(reply.status)) return { reason: hubWords.answered(reply.status), reply };
  if (reply.status !== 206 && reply.status !== 416) throw statusError(reply.status, file.name, reply.headers.get("x-error-code") === "GatedRepo");
  // What is here is no beginning of what is there.
  await rm(partial, { force: true });
  return { reason: hubWords.doesNotGoOn, reply };
}

/** Returns how many bytes the partial file has then. */
async function append({ file, onBytes }: BlobRequest, partial: string, reply: Response): Promise<number> {
  const out = await open(partial, "a");
  try {
    let done = (await out.stat()).size;
    for await (const part of reply.body ?? []) {
      const chunk = part as Uint8Array; // a body's pieces, which Node's types leave open
      if (done + chunk.length > file.bytes) throw new DataError(hubWords.tooMany(file.name, file.bytes), { name: file.name });
      await out.writeFile(chunk);
      done += chunk.length;
      onBytes(done);
    }
    await out.sync();
    return done;
  } finally {
    await out.close();
  }
}

function startsAt(reply: Response, start: number): boolean {
  return new RegExp(`^bytes ${start}-`).test(reply.headers.get("content-range") ?? "");
}

/** Errors of ours end it; those of the network are tried again. */
function asTrouble(thrown: unknown, signal: AbortSignal): Trouble {
  if (signal.aborted) throw new CancelledError();
  // undici tells a cut or refused connection as a TypeError.
  if (thrown instanceof TypeError) return { reason: hubWords.notReached(causeOf(thrown)) };
  throw thrown;
}

export function causeOf(thrown: Error): string {
  return thrown.cause instanceof Error && thrown.cause.message !== "" ? thrown.cause.message : thrown.message;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

async function hashOf(path: string, file: HubFile): Promise<string> {
  const digest = createHash(file.hash === "sha256" ? "sha256" : "sha1");
  if (file.hash === "git") digest.update(`blob ${file.bytes}\0`);
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer); // a stream without an encoding gives buffers
  return digest.digest("hex");
}
