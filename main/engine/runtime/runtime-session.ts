/** ONNX Runtime behind two functions: a graph becomes a runtime session, a session runs. */
import { Tensor } from "onnxruntime-node";
import { EngineError, GraphError } from "#app/base/errors.ts";
import { elementCount, sameShape, shapeText } from "#app/graph/shapes.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { openInferenceSession, runInferenceSession, type SessionOptions } from "./onnx-session.ts";
import { ResidentTensor } from "./resident-tensor.ts";

export type Numbers = Float32Array | BigInt64Array;

/** What an input is fed: numbers, which cross to the device at each run, or a tensor that lies there. */
export type Fed = Numbers | ResidentTensor;

export type RuntimeSession = {
  /**
   * Runs once and returns the outputs asked for; those of `into` are written there and stay on the device. A tensor may be
   * read and written by one run, if the node that writes it does not read it. Blocks this thread meanwhile.
   */
  run(feeds: ReadonlyMap<string, Fed>, outputs: readonly string[], into?: ReadonlyMap<string, ResidentTensor>): Promise<ReadonlyMap<string, Numbers>>;
  release(): Promise<void>;
};

export async function createRuntimeSession(graph: Graph, options: SessionOptions): Promise<RuntimeSession> {
  const session = await openInferenceSession(graph, options, "come back");
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  return {
    run: async (feeds, outputs, into = new Map<string, ResidentTensor>()) => {
      const fed: Record<string, Tensor> = {};
      for (const [name, input] of inputs) fed[name] = tensorFor(input, feeds.get(name));
      const fetched: Record<string, Tensor | null> = Object.fromEntries(outputs.map((name) => [name, null]));
      for (const [name, resident] of into) fetched[name] = resident.tensor;
      const results = await runInferenceSession(session, fed, fetched, options);
      // Another handle of the same memory.
      for (const name of into.keys()) results[name]?.dispose();
      return new Map(outputs.map((name) => [name, numbersOf(name, results[name])]));
    },
    release: () => session.release(),
  };
}

function tensorFor(input: Value, fed: Fed | undefined): Tensor {
  if (fed === undefined) throw new GraphError(`expected numbers for the input ${input.name}, got none`);
  if (fed instanceof ResidentTensor) {
    if (!sameShape(fed.shape, input.shape))
      throw new GraphError(`expected ${shapeText(input.shape)} for the input ${input.name}, got ${shapeText(fed.shape)} on the device`);
    return fed.tensor;
  }
  if (fed.length !== elementCount(input.shape))
    throw new GraphError(`expected ${shapeText(input.shape)} for the input ${input.name}, got ${fed.length} numbers`);
  return fed instanceof Float32Array ? new Tensor("float32", fed, input.shape) : new Tensor("int64", fed, input.shape);
}

function numbersOf(name: string, result: Tensor | undefined): Numbers {
  const data = result?.data;
  if (data instanceof Float32Array || data instanceof BigInt64Array) return data;
  throw new EngineError(`expected numbers in the output ${name}, got ${result?.type ?? "nothing"}`);
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
