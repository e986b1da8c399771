/** Errors on their way between processes: class and cause stay behind, code, message and details cross. */
import {
  BudgetError,
  CancelledError,
  ConfigError,
  ConflictError,
  DataError,
  EngineError,
  type ErrorCode,
  ForbiddenError,
  GraphError,
  type ErrorDetails,
  type LabError,
  InternalError,
  NotFoundError,
  OracleError,
  StoreError,
  toLabError,
  TrainingError,
} from "#app/base/errors.ts";
import type { WireError } from "./protocol.ts";

const classes: { readonly [Code in Exclude<ErrorCode, "internal">]: new (message: string, details?: ErrorDetails) => LabError } = {
  config: ConfigError,
  data: DataError,
  oracle: OracleError,
  budget: BudgetError,
  graph: GraphError,
  training: TrainingError,
  store: StoreError,
  engine: EngineError,
  notFound: NotFoundError,
  conflict: ConflictError,
  forbidden: ForbiddenError,
  cancelled: CancelledError,
};

export function toWireError(thrown: unknown): WireError {
  const { code, message, details } = toLabError(thrown);
  return { code, message, details };
}

export function fromWireError({ code, message, details }: WireError): LabError {
  // An internal error's message says so already.
  if (code === "internal") return new InternalError(message.replace(/^internal: /, ""), details);
  return new classes[code](message, details);
}
