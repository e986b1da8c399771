/** A graphics processor in software: SwiftShader, which comes with Chromium, under the system's Vulkan loader. */
import { existsSync } from "node:fs";

const DRIVERS = ["/usr/lib/chromium/vk_swiftshader_icd.json", "/usr/lib/chromium-browser/vk_swiftshader_icd.json"];
const LOADERS = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/usr/lib/aarch64-linux-gnu/libvulkan.so.1"];

/** The environment in which WebGPU finds the software processor; undefined where there is none. */
export function softwareGpu(): Readonly<Record<string, string>> | undefined {
  const driver = DRIVERS.find(existsSync);
  if (driver === undefined || !LOADERS.some(existsSync)) {
    process.stderr.write(
      "SKIPPED: WebGPU tests: no software Vulkan was found (Debian: apt-get install --no-install-recommends chromium libvulkan1).\n",
    );
    return undefined;
  }
  return { VK_ICD_FILENAMES: driver };
}
