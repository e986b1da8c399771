/** The memory of a device that keeps tensors between runs: numbers go in once, stay, and are read back when somebody asks. */
import { type InferenceSession, Tensor } from "onnxruntime-node";
import { EngineError } from "#app/base/errors.ts";
import type { Device } from "#app/domain/device.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { shapeText } from "#app/graph/shapes.ts";
import type { Graph, Shape } from "#app/graph/types.ts";
import { openInferenceSession, runInferenceSession, type SessionOptions } from "./onnx-session.ts";
import { ResidentTensor } from "./resident-tensor.ts";

/** ONNX Runtime for Node hands out tensors of the device for WebGPU alone; elsewhere inputs and outputs cross at each run. */
const KEEPING: ReadonlySet<Device> = new Set<Device>(["webgpu"]);

export type DeviceMemory = {
  place(numbers: Float32Array, shape: Shape): Promise<ResidentTensor>;
  /** Filled on the device: nothing crosses. */
  zeros(shape: Shape): Promise<ResidentTensor>;
  read(resident: ResidentTensor): Promise<Float32Array>;
  /** Gives back what is still there. */
  release(): Promise<void>;
};

/** Undefined where the device keeps nothing between runs. To be released by whoever opened it. */
export function openDeviceMemory(options: SessionOptions): DeviceMemory | undefined {
  const { device = "cpu" } = options;
  if (!KEEPING.has(device)) return undefined;
  const residents = new Set<ResidentTensor>();
  // Kept open: when a device's last runtime session goes, its tensors go too, and using one then ends the process.
  const sessions = new Map<string, InferenceSession>();
  const sessionOf = async (purpose: string, shape: Shape, graph: () => Graph, outputs: "stay" | "come back"): Promise<InferenceSession> => {
    const key = `${purpose} ${shapeText(shape)}`;
    const session = sessions.get(key) ?? (await openInferenceSession(graph(), options, outputs));
    sessions.set(key, session);
    return session;
  };
  const keep = (tensor: Tensor | undefined, shape: Shape): ResidentTensor => {
    if (tensor?.location !== "gpu-buffer")
      throw new EngineError(`expected a tensor that stays on the device, got one at ${tensor?.location ?? "no place"}`, { device });
    const resident = new ResidentTensor(tensor, shape, (gone) => residents.delete(gone));
    residents.add(resident);
    return resident;
  };
  const outputOf = async (session: InferenceSession, x: Tensor): Promise<Tensor | undefined> =>
    (await runInferenceSession(session, { x }, { y: null }, options))["y"];
  return {
    place: async (numbers, shape) => {
      const session = await sessionOf("place", shape, () => copyGraph(shape), "stay");
      return keep(await outputOf(session, new Tensor("float32", numbers, shape)), shape);
    },
    zeros: async (shape) => {
      const session = await sessionOf("fill", shape, () => fillGraph(shape), "stay");
      return keep(await outputOf(session, new Tensor("float32", Float32Array.of(0), [])), shape);
    },
    read: async (resident) => {
      const session = await sessionOf("read", resident.shape, () => copyGraph(resident.shape), "come back");
      const { data } = (await outputOf(session, resident.tensor)) ?? { data: undefined };
      if (!(data instanceof Float32Array)) throw new EngineError("expected float32 numbers from the device", { device });
      return data;
    },
    release: async () => {
      for (const resident of [...residents]) resident.release();
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    },
  };
}

function copyGraph(shape: Shape): Graph {
  const g = new GraphBuilder();
  g.output("y", g.input("x", shape));
  return g.build();
}

/** The number is an input: a constant would be folded into a tensor of the whole size. */
function fillGraph(shape: Shape): Graph {
  const g = new GraphBuilder();
  g.output("y", g.one("Expand", [g.input("x", [])], { shape }));
  return g.build();
}
