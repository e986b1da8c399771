/** ONNX Runtime behind two functions: a graph becomes a runtime session, a session runs. */
import { InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";
import { EngineError, type ErrorDetails, GraphError } from "#app/base/errors.ts";
import { type Device, DEVICE_NAMES, DEVICES } from "#app/domain/device.ts";
import { encodeModel } from "#app/graph/onnx/encode-model.ts";
import type { OnnxOptions } from "#app/graph/onnx/onnx-nodes.ts";
import { elementCount, shapeText } from "#app/graph/shapes.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { threadCount } from "./thread-count.ts";

export type Numbers = Float32Array | BigInt64Array;

export type RuntimeSession = {
  /** Runs once and returns the outputs asked for. Blocks this thread meanwhile. */
  run(feeds: ReadonlyMap<string, Numbers>, outputs: readonly string[]): Promise<ReadonlyMap<string, Numbers>>;
  release(): Promise<void>;
};

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
 * is off, as it keeps the peak of the largest run.
 */
export async function createRuntimeSession(graph: Graph, options: SessionOptions): Promise<RuntimeSession> {
  const { device = "cpu" } = options;
  // Whoever asked for a device can go on with the CPU; on the CPU there is nothing to go on with.
  const details: ErrorDetails = device === "cpu" ? {} : { device };
  const where = device === "cpu" ? "" : ` on ${DEVICE_NAMES[device]}`;
  const session = await InferenceSession.create(encodeModel(graph, onnxOptions(options)), {
    executionProviders: device === "cpu" ? [PROVIDERS.cpu] : [PROVIDERS[device], PROVIDERS.cpu],
    intraOpNumThreads: threadCount(options.threads),
    graphOptimizationLevel: options.fusion === "exact" ? "basic" : "all",
    enableMemPattern: false,
    enableCpuMemArena: options.workingMemory !== "shared",
    logSeverityLevel: 3,
    extra: {
      session: { disable_prepacking: isQuantised(graph) ? "0" : "1", model_external_initializers_file_folder_path: folderOfWeights(graph) },
      // It would hold what gradients compute again (a sigmoid, a normed row) from the forward pass on, a quarter of the peak.
      ...(options.fusion === "exact" ? { optimization: { disable_specified_optimizers: "CommonSubexpressionElimination" } } : {}),
    },
  }).catch((thrown: unknown) => {
    throw new EngineError(`ONNX Runtime refused a graph of ${graph.nodes.length} nodes${where}: ${messageOf(thrown)}`, details, { cause: thrown });
  });
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  return {
    run: async (feeds, outputs) => {
      const fed: Record<string, Tensor> = {};
      for (const [name, input] of inputs) fed[name] = tensorFor(input, feeds.get(name));
      const results = await session.run(fed, [...outputs]).catch((thrown: unknown) => {
        throw new EngineError(`ONNX Runtime stopped in a run${where}: ${messageOf(thrown)}`, details, { cause: thrown });
      });
      return new Map(outputs.map((name) => [name, numbersOf(name, results[name])]));
    },
    release: () => session.release(),
  };
}

/** What only the CPU's provider has kernels for, or is known to. */
function onnxOptions({ device = "cpu", fusion }: SessionOptions): OnnxOptions {
  return { fusesTransposes: device === "cpu", keepsComposites: device === "cpu" && fusion === "fast" };
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

function tensorFor(input: Value, numbers: Numbers | undefined): Tensor {
  if (numbers === undefined) throw new GraphError(`expected numbers for the input ${input.name}, got none`);
  if (numbers.length !== elementCount(input.shape))
    throw new GraphError(`expected ${shapeText(input.shape)} for the input ${input.name}, got ${numbers.length} numbers`);
  return numbers instanceof Float32Array ? new Tensor("float32", numbers, input.shape) : new Tensor("int64", numbers, input.shape);
}

function numbersOf(name: string, result: Tensor | undefined): Numbers {
  const data = result?.data;
  if (data instanceof Float32Array || data instanceof BigInt64Array) return data;
  throw new EngineError(`expected numbers in the output ${name}, got ${result?.type ?? "nothing"}`);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** One float32 output of a run. */
export function floatsOf(results: ReadonlyMap<string, Numbers>, name: string): Float32Array {
  const found = results.get(name);
  if (!(found instanceof Float32Array)) throw new EngineError(`expected float32 numbers in the output ${name}`);
  return found;
}

/** One int64 output of a run. */
export function integersOf(results: ReadonlyMap<string, Numbers>, name: string): BigInt64Array {
  const found = results.get(name);
  if (!(found instanceof BigInt64Array)) throw new EngineError(`expected int64 numbers in the output ${name}`);
  return found;
}
