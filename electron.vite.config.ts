/** Builds the lab in a window: the shell and its processes, the preload, and the page that the browser shows as well. */
import { resolve } from "node:path";
import { defineConfig } from "electron-vite";
import pageConfig from "./vite.web.config.ts";

const root = import.meta.dirname;
// Electron 45 carries this Node; electron-vite's own table does not know it yet.
const NODE = "node24";
/** Tests build beside out/, where package.json and resources lie as they do for out/. */
const OUT = resolve(root, process.env["NASHLAB_OUT"] ?? "out");

const main = {
  build: {
    outDir: resolve(OUT, "main"),
    // Native parts stay packages; everything else is bundled.
    externalizeDeps: true,
    target: NODE,
    lib: {
      formats: ["es" as const],
      entry: {
        index: resolve(root, "main/electron/index.ts"),
        "lab-process": resolve(root, "main/electron/lab-process/entry.ts"),
        "engine-process": resolve(root, "main/engine/process/engine-process.ts"),
        "engine-worker": resolve(root, "main/engine/process/engine-worker.ts"),
        "parquet-worker": resolve(root, "main/data/parquet-worker.ts"),
      },
    },
    // Files find package.json and resources from where they lie, so that all lie in one folder.
    rolldownOptions: { output: { chunkFileNames: "[name]-[hash].js", entryFileNames: "[name].js" } },
  },
};

const preload = {
  build: {
    outDir: resolve(OUT, "preload"),
    // A sandboxed preload is one CommonJS file that requires nothing but electron.
    externalizeDeps: false,
    target: NODE,
    lib: { formats: ["cjs" as const], entry: { index: resolve(root, "main/electron/preload.ts") } },
    rolldownOptions: { output: { entryFileNames: "[name].cjs" } },
  },
};

// electron-vite takes its configuration from the default export.
export default defineConfig({
  main,
  preload,
  renderer: {
    ...pageConfig,
    build: { ...pageConfig.build, outDir: resolve(OUT, "renderer"), minify: true, rolldownOptions: { input: resolve(root, "renderer/index.html") } },
  },
});
