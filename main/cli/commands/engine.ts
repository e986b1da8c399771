/** Command: on which device and with how many threads the engine runs, and what devices there are. */
import { type Command, Option } from "commander";
import * as z from "zod";
import { type DeviceFinding, DEVICE_NAMES, DEVICES, deviceSchema } from "#app/domain/device.ts";
import { addCommand, done, type RunCommand, wholeNumber } from "../command.ts";
import { plural, table } from "../format.ts";

export function addEngineCommand(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "engine",
    summary: "show or choose the device and threads that models run on",
    description:
      "Shows on which device the engine samples and trains, with how many threads, and which devices there are: each is tried with a tiny model and compared with the CPU. With options it chooses; jobs that begin from then on use it. A device that fails in a run falls back to the CPU.",
    options: [
      new Option("--device <name>", "where models run").choices(DEVICES),
      new Option("--threads <n>", "threads on the CPU; 0 leaves the choice to ONNX Runtime, one a core").argParser(wholeNumber(0, 256)),
    ],
    schema: z.object({ device: deviceSchema.optional(), threads: z.number().optional() }),
    examples: ["nashlab engine", "nashlab engine --threads 2", "nashlab engine --device webgpu"],
    run: async (context, { device, threads }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const changes = { ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) };
        const engine = Object.keys(changes).length === 0 ? await client.settings.engine() : await client.settings.setEngine(changes);
        const devices = await client.settings.devices();
        return done({ engine, devices }, `${sentenceOf(engine)}\n\n${deviceTable(devices, engine.device)}`);
      }),
  });
}

type Engine = { readonly device: DeviceFinding["device"]; readonly threads: number; readonly processorThreads: number };

function sentenceOf({ device, threads, processorThreads }: Engine): string {
  const count = threads === 0 ? `as many threads as ONNX Runtime chooses (the processor has ${processorThreads})` : plural(threads, "thread");
  return `Models run on ${DEVICE_NAMES[device]}, with ${count}.`;
}

function deviceTable(devices: readonly DeviceFinding[], chosen: DeviceFinding["device"]): string {
  const rows = devices.map(({ device, isReady, isTested, found }) => [
    device,
    [device === chosen ? "chosen" : isReady ? "ready" : "not here", ...(isTested ? [] : ["untested"])].join(", "),
    found,
  ]);
  return table([{ title: "device" }, { title: "state" }, { title: "found" }], rows);
}
