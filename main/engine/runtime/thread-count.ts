/** How many threads a runtime session gets. */
import { availableParallelism, cpus } from "node:os";

/**
 * What was asked for. Where the choice is left open (0), ONNX Runtime takes a thread for each core of the machine, which
 * is right unless this process may use fewer of them: then its threads wait for each other in turns, on the same core.
 */
export function threadCount(asked: number, usable = availableParallelism(), present = cpus().length): number {
  return asked === 0 && usable < present ? usable : asked;
}
