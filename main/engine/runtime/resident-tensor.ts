/** Numbers that lie in a device's memory and stay there between runs. */
import type { Tensor } from "onnxruntime-node";
import type { Shape } from "#app/graph/types.ts";

/**
 * Made by a device memory (device-memory.ts), read by runs that are fed it, written by runs that are told to write into it.
 * Its numbers come back through the memory alone: asked for them, the tensor itself would end the process.
 */
export class ResidentTensor {
  readonly shape: Shape;
  /** ONNX Runtime's handle. */
  readonly tensor: Tensor;
  readonly #onRelease: (resident: ResidentTensor) => void;

  constructor(tensor: Tensor, shape: Shape, onRelease: (resident: ResidentTensor) => void) {
    this.tensor = tensor;
    this.shape = shape;
    this.#onRelease = onRelease;
  }

  /** Gives the memory back. Nothing may be fed it afterwards. */
  release(): void {
    this.#onRelease(this);
    this.tensor.dispose();
  }
}
