/** Opens ONNX Runtime's own sessions: a graph becomes a model for a device, with the options that the lab runs it by. */
import { InferenceSession, listSupportedBackends, type Tensor } from "onnxruntime-node";
import { EngineError, type ErrorDetails } from "#app/base/errors.ts";
import { type Device, DEVICE_NAMES, DEVICES } from "#app/domain/device.ts";
import { encodeModel } from "#app/graph/onnx/encode-model.ts";
import type { OnnxOptions } from "#app/graph/onnx/onnx-nodes.ts";
import type { Graph } from "#app/graph/types.ts";
import { threadCount } from "./thread-count.ts";

export type SessionOptions = {
  /** The CPU without it. Ops that another device lacks fall back to the CPU. */
  readonly device?: Device;
  /** Threads within an op; 0 takes one for each core that the process may use. */
  readonly threads: number;
  /** `exact` runs each op by its own kernel, so that graphs that share a part compute it to the same bits; `fast` may fuse. */
  readonly fusion: "exact" | "fast";
  /** `own` keeps what a run worked in for the next run of this session, `shared` gives it back to the process after each. */
  readonly workingMemory?: "own" | "shared";
};

/** What ONNX Runtime calls a device. */
const PROVIDERS: { readonly [D in Device]: string } = { cpu: "cpu", webgpu: "webgpu", cuda: "cuda", directml: "dml", coreml: "coreml" };

/** The devices that this build of ONNX Runtime was made for; whether the machine has them is another matter. */
export function builtInDevices(): readonly Device[] {
  const providers = new Set(listSupportedBackends().map(({ name }) => name));
  return DEVICES.filter((device) => providers.has(PROVIDERS[device]));
}

/**
 * Weights in files are mapped, not read: the sessions of one checkpoint share their memory. Prepacking is off, as each
 * session would hold a packed copy of its own, but for weights in 8 bits, whose kernel is slow without; the memory pattern
 * is off, as it keeps the peak of the largest run. Outputs come back from the device, or stay there.
 */
export async function openInferenceSession(graph: Graph, options: SessionOptions, outputs: "come back" | "stay"): Promise<InferenceSession> {
  const { model, how } = encodedFor(graph, options, outputs);
  return await InferenceSession.create(model, how).catch((thrown: unknown) => {
    const { where, details } = blameOf(options);
    throw new EngineError(`ONNX Runtime refused a graph of ${graph.nodes.length} nodes${where}: ${messageOf(thrown)}`, details, { cause: thrown });
  });
}

/** What ONNX Runtime is given to open: the model, and how it is to be run. */
export function encodedFor(
  graph: Graph,
  options: SessionOptions,
  outputs: "come back" | "stay",
): { readonly model: Uint8Array; readonly how: InferenceSession.SessionOptions } {
  const { device = "cpu" } = options;
  const how = {
    executionProviders: device === "cpu" ? [PROVIDERS.cpu] : [PROVIDERS[device], PROVIDERS.cpu],
    intraOpNumThreads: threadCount(options.threads),
    graphOptimizationLevel: options.fusion === "exact" ? ("basic" as const) : ("all" as const),
    enableMemPattern: false,
    enableCpuMemArena: options.workingMemory !== "shared",
    logSeverityLevel: 3 as const,
    ...(outputs === "stay" ? { preferredOutputLocation: "gpu-buffer" as const } : {}),
    extra: {
      session: { disable_prepacking: isQuantised(graph) ? "0" : "1", model_external_initializers_file_folder_path: folderOfWeights(graph) },
      // It would hold what gradients compute again (a sigmoid, a normed row) from the forward pass on, a quarter of the peak.
      ...(options.fusion === "exact" ? { optimization: { disable_specified_optimizers: "CommonSubexpressionElimination" } } : {}),
    },
  };
  return { model: encodeModel(graph, onnxOptions(options)), how };
}

/** Runs `session`; null fetches an output, a tensor is written into. Throws EngineError that names the device. */
export async function runInferenceSession(
  session: InferenceSession,
  fed: Readonly<Record<string, Tensor>>,
  fetched: Readonly<Record<string, Tensor | null>>,
  options: SessionOptions,
): Promise<Readonly<Record<string, Tensor>>> {
  return await session.run(fed, fetched).catch((thrown: unknown) => {
    const { where, details } = blameOf(options);
    throw new EngineError(`ONNX Runtime stopped in a run${where}: ${messageOf(thrown)}`, details, { cause: thrown });
  });
}

/** How an error of a session names its device. Whoever asked for a device can go on with the CPU; on the CPU there is nothing to go on with. */
function blameOf({ device = "cpu" }: SessionOptions): { readonly where: string; readonly details: ErrorDetails } {
  return device === "cpu" ? { where: "", details: {} } : { where: ` on ${DEVICE_NAMES[device]}`, details: { device } };
}

/** What only the CPU's provider has kernels for, or is known to. */
function onnxOptions({ device = "cpu", fusion }: SessionOptions): OnnxOptions {
  const isCpu = device === "cpu";
  return { fusesTransposes: isCpu, keepsComposites: isCpu && fusion === "fast", addsInOrder: isCpu };
}

function isQuantised(graph: Graph): boolean {
  return graph.initializers.some(({ value }) => value.dataType === "uint8");
}

function folderOfWeights(graph: Graph): string {
  // On Windows the root is the drive of the checkpoint.
  for (const initializer of graph.initializers) {
    if (initializer.kind === "file") return /^[A-Za-z]:/.test(initializer.location.path) ? `${initializer.location.path.slice(0, 2)}/` : "/";
  }
  return "/";
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
