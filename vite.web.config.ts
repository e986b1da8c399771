/** Builds the renderer as a page, for the lab in a browser. */
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const root = import.meta.dirname;

// Vite takes its configuration from the default export.
export default defineConfig({
  root: resolve(root, "renderer"),
  plugins: [react()],
  build: {
    outDir: resolve(root, "out/renderer"),
    emptyOutDir: true,
    // Electron 45 and the browsers of its year.
    target: "chrome150",
    // The page's policy lets fonts come from its own files only, never from data: addresses.
    assetsInlineLimit: 0,
    // One page of this machine: KaTeX and React in one file cost no network.
    chunkSizeWarningLimit: 2000,
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    strictPort: true,
    // `nashlab open --port 5174` answers, told of this origin by NASHLAB_DEV_ORIGIN.
    proxy: { "/rpc": { target: "ws://127.0.0.1:5174", ws: true, changeOrigin: true } },
  },
});
