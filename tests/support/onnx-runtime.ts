/** Runs a graph on ONNX Runtime's CPU provider, for tests that compare it with the reference interpreter. */
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { encodeModel } from "#app/graph/onnx/encode-model.ts";
import type { OnnxOptions } from "#app/graph/onnx/onnx-nodes.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import type { Graph, Value } from "#app/graph/types.ts";

export async function runOnnx(graph: Graph, feeds: ReadonlyMap<string, Tensor>, options: OnnxOptions = {}): Promise<Map<string, Tensor>> {
  const session = await InferenceSession.create(encodeModel(graph, options), { logSeverityLevel: 3 });
  try {
    const fed = Object.fromEntries(
      graph.inputs.map((input) => {
        const numbers = feeds.get(input.name)?.numbers ?? new Float64Array();
        return [input.name, tensorOf(input, numbers)] as const;
      }),
    );
    const results = await session.run(fed);
    return new Map(
      graph.outputs.map(({ name }) => {
        // Its own shape, whatever the graph says.
        const { data, dims } = results[name] ?? { data: undefined, dims: [] };
        if (data instanceof Float32Array) return [name, tensor(dims, data)];
        if (data instanceof BigInt64Array) return [name, tensor(dims, Array.from(data, Number))];
        throw new TypeError(`expected numbers in the output ${name}`);
      }),
    );
  } finally {
    await session.release();
  }
}

function tensorOf({ dataType, shape }: Value, numbers: Float64Array): OrtTensor {
  switch (dataType) {
    case "float32":
      return new OrtTensor("float32", Float32Array.from(numbers), shape);
    case "int64":
      return new OrtTensor("int64", BigInt64Array.from(numbers, BigInt), shape);
    case "uint8":
      return new OrtTensor("uint8", Uint8Array.from(numbers), shape);
    default:
      return dataType satisfies never;
  }
}
