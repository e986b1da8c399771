/** The lab's errors: one base class with a code, one class a category. Messages say what was expected, what came, and where (their words: app/text). */
import { fileWords } from "#app/text/files.ts";

export type ErrorCode =
  | "config"
  | "data"
  | "oracle"
  | "budget"
  | "graph"
  | "training"
  | "store"
  | "engine"
  | "notFound"
  | "conflict"
  | "forbidden"
  | "cancelled"
  | "internal";

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

export type ErrorOptions = { readonly cause?: unknown };

export class LabError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options: ErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** A setting, a configuration file or a checkpoint's config is not what the lab can use. */
export class ConfigError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("config", message, details, options);
  }
}

/** A data file (prompts, checkpoint tensors, adapters) is not what it should be. */
export class DataError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("data", message, details, options);
  }
}

/** An oracle could not be asked or answered what cannot be used. */
export class OracleError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("oracle", message, details, options);
  }
}

/** The next request would cost more than the caps allow; the work is paused, and nothing is wrong. */
export class BudgetError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("budget", message, details, options);
  }
}

/** A graph is malformed: shapes that do not fit, values that are not there. */
export class GraphError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("graph", message, details, options);
  }
}

/** Training cannot go on: a loss that is not a number, a reference that is not the policy. */
export class TrainingError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("training", message, details, options);
  }
}

/** The experiment's database or artefacts are not as they must be. */
export class StoreError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("store", message, details, options);
  }
}

/** The engine process failed, died or could not be started. */
export class EngineError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("engine", message, details, options);
  }
}

/** What was named does not exist. */
export class NotFoundError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("notFound", message, details, options);
  }
}

/** What was asked for does not fit the present state (a stage already runs, a folder has an owner). */
export class ConflictError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("conflict", message, details, options);
  }
}

/** The caller's role does not reach this method. */
export class ForbiddenError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("forbidden", message, details, options);
  }
}

/** The work was stopped on request; nothing is wrong. */
export class CancelledError extends LabError {
  constructor(message = fileWords.stopped, details?: ErrorDetails, options?: ErrorOptions) {
    super("cancelled", message, details, options);
  }
}

/** A broken invariant: a bug of ours, never the user's fault. */
export class InternalError extends LabError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super("internal", `internal: ${message}`, details, options);
  }
}

/** What the operating system says of a file or folder by these codes is no bug of ours. */
const FILE_TROUBLES: Readonly<Record<string, string>> = fileWords.troubles;

/** The sentence of a failure of the file system, with the path; undefined for anything else. */
function fileTrouble(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  // Other codes than these of a disk may be those of something else that was looked for.
  if (!("syscall" in thrown) && thrown.code !== "ENOSPC") return undefined;
  const trouble = FILE_TROUBLES[String(thrown.code)];
  if (trouble === undefined) return undefined;
  return "path" in thrown && typeof thrown.path === "string" ? fileWords.at(thrown.path, trouble) : trouble;
}

/** Any thrown value as the lab's error; what is not ours becomes `internal` and keeps its cause. */
export function toLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const trouble = fileTrouble(thrown);
  if (trouble !== undefined) return new StoreError(trouble, {}, { cause: thrown });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new InternalError(message, {}, { cause: thrown });
}

/** Why a file could not be read, in words, by the code of the system's error; else what was thrown says. */
export function fileReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  switch ("code" in cause ? cause.code : undefined) {
    case "ENOENT":
      return fileWords.noFile;
    case "EISDIR":
      return fileWords.isAFolder;
    case "EACCES":
      return fileWords.forbidden;
    default:
      return cause.message;
  }
}
