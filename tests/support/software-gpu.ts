/** A graphics processor in software: SwiftShader and a Vulkan loader, both of which come with Chromium on Linux. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findChromium } from "./browser.ts";

const DRIVER = "vk_swiftshader_icd.json";
const LOADER = "libvulkan.so.1";
/** Where Debian and its kin put what is beside Chromium's binary; /usr/bin/chromium is a script. */
const FOLDERS = ["/usr/lib/chromium", "/usr/lib/chromium-browser"];

/**
 * The environment in which WebGPU finds the software processor; else the reason why it cannot. With CI=true a Linux
 * machine that has a Chromium has no such reason: what is missing there is an error.
 */
export function softwareGpu(): { readonly environment: Readonly<Record<string, string>> } | { readonly missing: string } {
  const chromium = findChromium();
  const folders = [...FOLDERS, ...(chromium === undefined ? [] : [dirname(realpathSync(chromium))])];
  const folder = folders.find((path) => existsSync(join(path, DRIVER)));
  if (folder !== undefined) {
    const loader = existsSync(join(folder, LOADER)) ? { LD_LIBRARY_PATH: folder } : {};
    return { environment: { VK_ICD_FILENAMES: join(folder, DRIVER), ...loader } };
  }
  const missing = `no ${DRIVER} beside a Chromium (Debian: apt-get install --no-install-recommends chromium)`;
  if (process.env["CI"] === "true" && process.platform === "linux" && chromium !== undefined)
    throw new Error(`${chromium} is here, but there is ${missing}: looked in ${folders.join(", ")}`);
  return { missing };
}
