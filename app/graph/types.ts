/** The graph IR: values with static shapes, op nodes, initializers. Data only; built by builder.ts, never changed. */

/** uint8: codes of quantised weights. */
export type DataType = "float32" | "int64" | "uint8";

export type Shape = readonly number[];

/** An edge of the graph. Names are unique within a graph. */
export type Value = { readonly name: string; readonly shape: Shape; readonly dataType: DataType };

export type AttributeValue = number | string | readonly number[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Where a tensor's bytes lie in a file: ONNX Runtime maps them, nobody reads them here. */
export type TensorLocation = {
  /** Absolute. */
  readonly path: string;
  /** Bytes from the start of the file; a multiple of 8. */
  readonly offset: number;
  readonly length: number;
  readonly shape: Shape;
  readonly dataType: "float32" | "uint8";
};

export type Initializer =
  | { readonly kind: "numbers"; readonly value: Value; readonly numbers: readonly number[] }
  | { readonly kind: "file"; readonly value: Value; readonly location: TensorLocation };

/** Ops that ONNX Runtime runs, on every provider that the lab knows. */
export type PortableOp =
  | "Add"
  | "Sub"
  | "Mul"
  | "Div"
  | "Neg"
  | "Exp"
  | "Log"
  | "Sqrt"
  | "Reciprocal"
  | "Sigmoid"
  | "Tanh"
  | "Softplus"
  | "Relu"
  | "Step"
  | "Reshape"
  | "Transpose"
  | "Expand"
  | "Concat"
  | "Slice"
  | "ReduceSum"
  | "ReduceMean"
  | "ReduceMax"
  | "ReduceLogSumExp"
  | "Softmax"
  | "MatMul"
  | "Gemm"
  | "Gather"
  | "ScatterRows"
  | "PutRows"
  | "TopK"
  | "QuantisedGemm"
  | "Identity";

/** Ops of language models, with gradients written by hand; lower.ts spells them in portable ops. */
export type CompositeOp = "RmsNorm" | "Rope" | "Attention" | "CausalAttention" | "SwiGlu" | "GeGlu" | "TokenLogp";

export type OpName = PortableOp | CompositeOp;

export type OpNode = {
  readonly op: OpName;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
};

/** Nodes `first` to `end` (not included), counted in the order of the graph. */
export type NodeRange = { readonly first: number; readonly end: number };

export type GraphOutput = { readonly name: string; readonly value: Value };

export type Graph = {
  readonly inputs: readonly Value[];
  readonly initializers: readonly Initializer[];
  /** In an order in which each node comes after those whose outputs it reads. */
  readonly nodes: readonly OpNode[];
  readonly outputs: readonly GraphOutput[];
};
