/** Checks a whole graph: order, names, shapes. What the builder made always passes; what was rewritten by hand may not. */
import { GraphError } from "#app/base/errors.ts";
import { opTable } from "./op-table.ts";
import { sameShape, shapeText } from "./shapes.ts";
import type { Graph, Value } from "./types.ts";

/** Throws GraphError with the first fault: a value read before it is made, made twice, or of another shape than its op gives. */
export function checkGraph(graph: Graph): void {
  const made = new Map<string, Value>();
  const make = (value: Value): void => {
    if (made.has(value.name)) throw new GraphError(`expected ${value.name} to be made once, it is made twice`);
    made.set(value.name, value);
  };
  const read = (value: Value, where: string): void => {
    const source = made.get(value.name);
    if (source === undefined) throw new GraphError(`${where}: expected ${value.name} to be made before it is read`);
    if (!sameShape(source.shape, value.shape) || source.dataType !== value.dataType) {
      throw new GraphError(
        `${where}: expected ${value.name} as ${source.dataType}${shapeText(source.shape)}, got ${value.dataType}${shapeText(value.shape)}`,
      );
    }
  };
  graph.inputs.forEach(make);
  for (const { value } of graph.initializers) make(value);
  for (const node of graph.nodes) {
    for (const input of node.inputs) read(input, node.op);
    const specs = opTable[node.op](node.inputs, node.attributes);
    node.outputs.forEach((output, i) => {
      const spec = specs[i];
      if (spec === undefined || !sameShape(spec.shape, output.shape) || spec.dataType !== output.dataType) {
        throw new GraphError(
          `${node.op}: expected output ${i} as ${spec === undefined ? "nothing" : spec.dataType + shapeText(spec.shape)}, got ${output.dataType}${shapeText(output.shape)}`,
        );
      }
      make(output);
    });
  }
  for (const output of graph.outputs) read(output.value, `output ${output.name}`);
}
