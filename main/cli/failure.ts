/** What went wrong, for a terminal: one sentence and an exit code, whatever was thrown and wherever it came from. */
import { ORPCError } from "@orpc/client";
import { CommanderError } from "commander";
import { labErrorData } from "#app/contract/base.ts";
import { type ErrorDetails, LabError } from "#app/base/errors.ts";
import { FolderError } from "#main/host/folder-error.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { describeIssues, isRecord, type Issue } from "./issues.ts";

/** How commander ends where a command was given without its subcommand: it has written the help to standard error. */
const HELP_INSTEAD = "commander.help";

export type Failure = {
  readonly exitCode: ExitCode;
  readonly code: string;
  /** One sentence (or a few), ended by a full stop. */
  readonly message: string;
  readonly details: ErrorDetails;
};

export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof CommanderError) return commanderFailure(thrown);
  if (thrown instanceof FolderError) return failure(EXIT.folder, "folder", thrown.message, thrown.details);
  if (thrown instanceof LabError) return failure(exitCodeOf(thrown.code), thrown.code, thrown.message, thrown.details);
  if (thrown instanceof ORPCError) return wireFailure(String(thrown.code), thrown.message, thrown.data);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (isLostConnection(thrown)) {
    return failure(EXIT.failed, "connection", "The lab that owns the folder went away before it answered. The command can be given again.");
  }
  return failure(EXIT.failed, "internal", `internal: ${message}`);
}

function wireFailure(code: string, message: string, data: unknown): Failure {
  const lab = labErrorData.safeParse(data);
  if (code === "LAB" && lab.success) return failure(exitCodeOf(lab.data.code), lab.data.code, message, lab.data.details);
  if (code === "BAD_REQUEST" && isRecord(data) && Array.isArray(data["issues"])) {
    // Issues cross the wire as plain data of this form.
    const issues = data["issues"].filter((issue): issue is Issue => isRecord(issue) && typeof issue["message"] === "string");
    return failure(EXIT.badInput, "config", describeIssues(issues, undefined, "the request").replace(", got nothing", ""));
  }
  return failure(EXIT.failed, "internal", `internal: ${code}: ${message}`);
}

const BAD_INPUT_CODES: ReadonlySet<string> = new Set(["config", "data", "notFound", "conflict", "forbidden"]);

function exitCodeOf(code: string): ExitCode {
  if (BAD_INPUT_CODES.has(code)) return EXIT.badInput;
  return code === "cancelled" ? EXIT.interrupted : EXIT.failed;
}

/** What the RPC client throws when its socket closes under a call. */
function isLostConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return thrown.name === "AbortError" || /WebSocket is not open|\[AsyncIdQueue\]/u.test(thrown.message);
}

/** Commander's own findings: "error: unknown option '--x'", sometimes with a suggestion in a second line. */
function commanderFailure(error: CommanderError): Failure {
  if (error.code === HELP_INSTEAD) return failure(EXIT.badInput, "usage", "expected a command, got none; --help lists them");
  const text = error.message.replace(/^error: /u, "").replaceAll("\n", " ");
  return failure(EXIT.badInput, "usage", text);
}

function failure(exitCode: ExitCode, code: string, message: string, details: ErrorDetails = {}): Failure {
  return { exitCode, code, message: asSentence(message), details };
}

/** With a capital, unless it begins with a name or a path, and a full stop. */
export function asSentence(message: string): string {
  const trimmed = message.trim();
  const sentence = /[.?!]\)?$/u.test(trimmed) ? trimmed : `${trimmed}.`;
  // A sentence may begin with the name of a setting, a path or a file, which stays as it is.
  return /^[a-z]+[ ,;]/u.test(sentence) ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : sentence;
}
