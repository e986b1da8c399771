/** docs/OPS.md: each op with what builds it, its shapes, its gradient, its meaning and its tests, read from the tables themselves. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compositeRules } from "#app/autodiff/composite-rules.ts";
import { portableRules } from "#app/autodiff/portable-rules.ts";
import { isComposite, lower } from "#app/graph/lower.ts";
import { opTable } from "#app/graph/op-table.ts";
import { compositeMeanings } from "#app/graph/reference/composite-ops.ts";
import { portableMeanings } from "#app/graph/reference/portable-ops.ts";
import { shapeText } from "#app/graph/shapes.ts";
import type { OpName } from "#app/graph/types.ts";
import { differentiableInputs, graphOf, type OpCase, opCases } from "#tests/support/op-cases.ts";
import { ROOT } from "../checks/root.ts";
import { table } from "./markdown.ts";

const HEAD = `# Ops

<!-- prettier-ignore-start -->
<!-- Made from the op tables by \`node tools/run.cjs docs\`; do not edit by hand. -->

The ops of the graph IR. **Builder**: the methods of \`app/graph/builder.ts\` that make it; \`one\` and \`apply\` make any op by name. **Shapes**: of the first test case, as the shape rule in \`app/graph/op-table.ts\` derives them. **Gradient**: the inputs that the rule in \`app/autodiff\` has gradients for, and the cases in which they are compared with central differences (\`tests/app/autodiff/gradients.test.ts\`). **Reference** and **ONNX Runtime**: the cases in which the meaning in \`app/graph/reference\` and ONNX Runtime must agree (\`tests/app/graph/ops.test.ts\`). Composite ops are also compared with their lowered form, forward and backward.

To add an op: a name in \`app/graph/types.ts\`, then the compiler asks for its shape rule, meaning, ONNX spelling and gradient, and the tests for a case in \`tests/support/op-cases.ts\`.`;

export function renderOpsPage(): string {
  const builder = builderMethods();
  const isRow = (op: string): op is OpName => op in opTable;
  const names = Object.keys(opTable).filter(isRow);
  const portable = names.filter((op) => !isComposite(op)).map((op) => row(op, builder));
  const composite = names.filter(isComposite).map((op) => [...row(op, builder), loweredOps(op)]);
  const columns = ["op", "builder", "shapes", "gradient", "reference = ONNX Runtime"];
  return `${[
    HEAD,
    "## Portable ops, run by ONNX Runtime as they are",
    table(columns, portable),
    "## Composite ops, spelled in portable ones",
    table([...columns, "lowered to"], composite),
    "<!-- prettier-ignore-end -->",
  ].join("\n\n")}\n`;
}

function row(op: OpName, builder: ReadonlyMap<string, readonly string[]>): string[] {
  const cases = opCases.filter((opCase) => opCase.op === op);
  const methods = builder.get(op)?.map((name) => `\`${name}\``) ?? [];
  return [`\`${op}\``, methods.length === 0 ? "`one`" : methods.join(", "), shapesOf(cases[0]), gradientOf(op, cases), agreementOf(op, cases)];
}

function shapesOf(opCase: OpCase | undefined): string {
  if (opCase === undefined) return "no case";
  const node = graphOf(opCase).nodes.at(-1);
  const outputs = node?.outputs.map((output) => shapeText(output.shape)) ?? [];
  return `${opCase.inputs.map(shapeText).join(", ")} → ${outputs.join(", ")}`;
}

function gradientOf(op: OpName, cases: readonly OpCase[]): string {
  const rule = isComposite(op) ? compositeRules[op] : portableRules[op];
  if (rule === null) return "none";
  const checked = cases.filter((opCase) => differentiableInputs(opCase).length > 0);
  const inputs = [...new Set(checked.flatMap(differentiableInputs))].sort((a, b) => a - b);
  return `inputs ${inputs.join(", ")}; ${count(checked.length)}`;
}

function agreementOf(op: OpName, cases: readonly OpCase[]): string {
  const hasMeaning = isComposite(op) ? op in compositeMeanings : op in portableMeanings;
  return hasMeaning ? count(cases.length) : "no reference";
}

function loweredOps(op: OpName): string {
  const first = opCases.find((opCase) => opCase.op === op);
  if (first === undefined) return "no case";
  return [...new Set(lower(graphOf(first)).nodes.map((node) => node.op))].sort().join(", ");
}

function count(cases: number): string {
  return `${cases} ${cases === 1 ? "case" : "cases"}`;
}

/** Which methods of the builder make which op: those in whose text its name stands. */
function builderMethods(): ReadonlyMap<string, readonly string[]> {
  const source = readFileSync(join(ROOT, "app/graph/builder.ts"), "utf8");
  const methods = new Map<string, string[]>();
  for (const [, name = "", body = ""] of source.matchAll(/^ {2}(\w+)\([^\n]*\{\n(.*?)^ {2}\}/gmsu)) {
    for (const [, op = ""] of body.matchAll(/"([A-Z]\w+)"/gu)) {
      const known = methods.get(op) ?? [];
      if (!known.includes(name)) methods.set(op, [...known, name]);
    }
  }
  return methods;
}
