/** A stand-in for Electron's distribution, as the packager wants one: a binary with the fuses' marker, an archive, locales. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPackage } from "@electron/asar";

/** What the tool that sets fuses looks for in the binary; then the version of the wire and nine fuses as they come. */
const SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const WIRE_VERSION = 1;
const FUSES = "101110001";

export async function writeStubDist(folder: string, platform: "linux" | "win32"): Promise<string> {
  const dist = join(folder, `electron-${platform}`);
  const app = join(folder, "default-app");
  for (const path of [join(dist, "locales"), join(dist, "resources"), app]) mkdirSync(path, { recursive: true });
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([WIRE_VERSION, FUSES.length]), Buffer.from(FUSES)]);
  writeFileSync(
    join(dist, platform === "win32" ? "electron.exe" : "electron"),
    Buffer.concat([Buffer.alloc(64, 0x20), wire, Buffer.alloc(64, 0x20)]),
    { mode: 0o755 },
  );
  writeFileSync(join(dist, "version"), "45.4.1");
  writeFileSync(join(dist, "LICENSE"), "MIT");
  writeFileSync(join(dist, "LICENSES.chromium.html"), "<html></html>");
  writeFileSync(join(dist, "locales", "en-US.pak"), "");
  writeFileSync(join(app, "main.js"), "");
  await createPackage(app, join(dist, "resources", "default_app.asar"));
  return dist;
}
