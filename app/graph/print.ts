/** A graph as text, one line a node, for people who debug one. */
import { shapeText } from "./shapes.ts";
import type { Attributes, Graph, Value } from "./types.ts";

/** Numbers of constants up to this many are shown. */
const SHOWN_NUMBERS = 8;

export function printGraph(graph: Graph): string {
  return [
    ...graph.inputs.map((input) => `input ${typed(input)}`),
    ...graph.initializers.map((initializer) =>
      initializer.kind === "file"
        ? `weight ${typed(initializer.value)} at ${initializer.location.path}:${initializer.location.offset}`
        : `constant ${typed(initializer.value)} = ${initializer.numbers.slice(0, SHOWN_NUMBERS).join(", ")}${initializer.numbers.length > SHOWN_NUMBERS ? ", …" : ""}`,
    ),
    ...graph.nodes.map(
      (node) =>
        `${node.outputs.map(typed).join(", ")} = ${node.op}(${node.inputs.map((input) => input.name).join(", ")})${attributesText(node.attributes)}`,
    ),
    ...graph.outputs.map((output) => `output ${output.name} = ${typed(output.value)}`),
  ].join("\n");
}

function typed(value: Value): string {
  return `${value.name} ${value.dataType}${shapeText(value.shape)}`;
}

function attributesText(attributes: Attributes): string {
  const entries = Object.entries(attributes);
  return entries.length === 0 ? "" : ` {${entries.map(([name, value]) => `${name}: ${String(value)}`).join("; ")}}`;
}
