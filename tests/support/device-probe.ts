/** Prints what the engine finds of its devices, as JSON: a process of its own, as drivers are loaded once. */
import { createDeviceProbe, probeDevices } from "#main/engine/devices/probe.ts";

process.stdout.write(JSON.stringify(await probeDevices(createDeviceProbe())));
