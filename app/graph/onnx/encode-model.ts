/** Writes a graph as the bytes of an ONNX model (IR 11, opset 23). Field numbers are those of onnx.proto. */
import { GraphError } from "#app/base/errors.ts";
import { isComposite, lower } from "../lower.ts";
import type { DataType, Graph, Initializer, TensorLocation, Value } from "../types.ts";
import { wholeComposites } from "./composite-nodes.ts";
import { MICROSOFT, type OnnxAttribute, type OnnxNode, onnxNodes, type OnnxOptions } from "./onnx-nodes.ts";
import { ProtoWriter } from "./protobuf.ts";

const IR_VERSION = 11;
const OPSET_VERSION = 23;
const MICROSOFT_VERSION = 1;

const elementTypes: { readonly [T in DataType]: number } = { float32: 1, uint8: 2, int64: 7 };

const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/**
 * Weights stay in their files: each is an external initializer whose location is its absolute path without the leading
 * slash, for a runtime session whose folder option is the root. Composite ops are lowered,
 * but for those that the options write whole.
 */
export function encodeModel(graph: Graph, options: OnnxOptions = {}): Uint8Array {
  const portable = graph.nodes.some((node) => isComposite(node.op)) ? lower(graph, wholeComposites(graph, options)) : graph;
  const { nodes, constants } = onnxNodes(portable, options);
  const model = new ProtoWriter();
  model.integer(1, IR_VERSION).text(2, "nashlab");
  model.message(7, (body) => {
    for (const node of nodes) body.message(1, (writer) => writeNode(writer, node));
    body.text(2, "nashlab");
    for (const initializer of [...portable.initializers, ...constants]) body.message(5, (writer) => writeInitializer(writer, initializer));
    for (const input of portable.inputs) body.message(11, (writer) => writeValueInfo(writer, input.name, input));
    for (const output of portable.outputs) body.message(12, (writer) => writeValueInfo(writer, output.name, output.value));
  });
  model.message(8, (opset) => opset.text(1, "").integer(2, OPSET_VERSION));
  if (nodes.some((node) => node.domain === MICROSOFT)) model.message(8, (opset) => opset.text(1, MICROSOFT).integer(2, MICROSOFT_VERSION));
  return model.finish();
}

function writeNode(writer: ProtoWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, node.outputs[0] ?? "").text(4, node.opType);
  for (const attribute of node.attributes) writer.message(5, (body) => writeAttribute(body, attribute));
  if (node.domain !== undefined) writer.text(7, node.domain);
}

function writeAttribute(writer: ProtoWriter, attribute: OnnxAttribute): void {
  writer.text(1, attribute.name);
  switch (attribute.kind) {
    case "float":
      writer.float(2, attribute.value);
      break;
    case "int":
      writer.integer(3, attribute.value);
      break;
    case "string":
      writer.text(4, attribute.value);
      break;
    case "ints":
      for (const value of attribute.value) writer.integer(8, value);
      break;
    default:
      attribute satisfies never;
  }
  writer.integer(20, attributeTypes[attribute.kind]);
}

function writeInitializer(writer: ProtoWriter, initializer: Initializer): void {
  const { value } = initializer;
  writer.integers(1, value.shape).integer(2, elementTypes[value.dataType]).text(8, value.name);
  if (initializer.kind === "numbers") {
    writer.bytes(9, rawNumbers(initializer.numbers, value.dataType));
    return;
  }
  for (const [key, text] of externalEntries(initializer.location)) writer.message(13, (entry) => entry.text(1, key).text(2, text));
  writer.integer(14, 1);
}

function externalEntries(location: TensorLocation): readonly (readonly [string, string])[] {
  if (location.offset % 8 !== 0)
    throw new GraphError(`expected a tensor at a multiple of 8 bytes in ${location.path}, got offset ${location.offset}`);
  return [
    ["location", location.path.replace(/^([A-Za-z]:)?[\\/]+/, "")],
    ["offset", String(location.offset)],
    ["length", String(location.length)],
  ];
}

function rawNumbers(numbers: readonly number[], dataType: DataType): Uint8Array {
  if (dataType === "uint8") return Uint8Array.from(numbers);
  return new Uint8Array(dataType === "float32" ? Float32Array.from(numbers).buffer : BigInt64Array.from(numbers, BigInt).buffer);
}

function writeValueInfo(writer: ProtoWriter, name: string, value: Value): void {
  writer.text(1, name);
  writer.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.integer(1, elementTypes[value.dataType]);
      tensor.message(2, (shape) => {
        for (const dim of value.shape) shape.message(1, (dimension) => dimension.integer(1, dim));
      });
    }),
  );
}
