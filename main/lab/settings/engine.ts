/** The contract's area "settings", part three: the engine's device and threads, and what devices there are. */
import { availableParallelism } from "node:os";
import { ConfigError } from "#app/base/errors.ts";
import { type Device, DEVICE_NAMES } from "#app/domain/device.ts";
import { engineWords } from "#app/text/engine.ts";
import type { LabContext } from "../context.ts";
import { getEngineOptions, setEngineOptions } from "../engine-options.ts";
import { api } from "../roles.ts";

export function engineHandlers(lab: LabContext) {
  const { settings } = api;
  const { db } = lab.store;
  const view = () => ({ ...getEngineOptions(db), processorThreads: availableParallelism() });
  return {
    engine: settings.engine.handler(view),
    setEngine: settings.setEngine.handler(async ({ input }) => {
      const { device, threads } = getEngineOptions(db);
      const options = { device: input.device ?? device, threads: input.threads ?? threads };
      if (options.device !== device) await requireReady(lab, options.device);
      setEngineOptions(db, options);
      lab.events.publish({ type: "settings.changed" });
      return view();
    }),
    devices: settings.devices.handler(async () => (await lab.engine.devices()).map((finding) => ({ ...finding }))),
  };
}

/** Throws ConfigError that says why the device cannot be had. The CPU can always be had, whatever state the engine is in. */
async function requireReady(lab: LabContext, device: Device): Promise<void> {
  if (device === "cpu") return;
  const finding = (await lab.engine.devices()).find((one) => one.device === device);
  if (finding?.isReady === true) return;
  throw new ConfigError(engineWords.devices.cannotBeChosen(DEVICE_NAMES[device], finding?.found ?? engineWords.devices.unknown), { device });
}
