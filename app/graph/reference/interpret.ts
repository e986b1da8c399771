/** Runs a graph by the meanings of its ops, in float64. For tests: what ONNX Runtime computes must agree. */
import { GraphError } from "#app/base/errors.ts";
import { isComposite } from "../lower.ts";
import { sameShape, shapeText } from "../shapes.ts";
import type { Graph } from "../types.ts";
import { compositeMeanings } from "./composite-ops.ts";
import { portableMeanings } from "./portable-ops.ts";
import { type Tensor, tensor } from "./tensor.ts";

/** Feeds are by input name, results by output name. Weights in files are not read: graphs with them throw GraphError. */
export function interpret(graph: Graph, feeds: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const values = new Map<string, Tensor>();
  const valueOf = (name: string): Tensor => {
    const found = values.get(name);
    if (found === undefined) throw new GraphError(`expected ${name} to be made before it is read`);
    return found;
  };
  for (const input of graph.inputs) {
    const fed = feeds.get(input.name);
    if (fed === undefined || !sameShape(fed.shape, input.shape)) {
      throw new GraphError(
        `expected ${shapeText(input.shape)} for the input ${input.name}, got ${fed === undefined ? "nothing" : shapeText(fed.shape)}`,
      );
    }
    values.set(input.name, fed);
  }
  for (const initializer of graph.initializers) {
    if (initializer.kind === "file") throw new GraphError(`expected constants only, got the weight ${initializer.value.name} in a file`);
    values.set(initializer.value.name, tensor(initializer.value.shape, initializer.numbers));
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => valueOf(input.name));
    const outputs = (isComposite(node.op) ? compositeMeanings[node.op] : portableMeanings[node.op])(inputs, node);
    node.outputs.forEach((output, i) => {
      const result = outputs[i];
      if (result === undefined || !sameShape(result.shape, output.shape))
        throw new GraphError(
          `${node.op}: expected output ${i} of ${shapeText(output.shape)}, got ${result === undefined ? "nothing" : shapeText(result.shape)}`,
        );
      values.set(output.name, result);
    });
  }
  return new Map(graph.outputs.map((output) => [output.name, valueOf(output.value.name)]));
}
