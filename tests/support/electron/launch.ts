/** Starts the built shell on the stand-in for Electron, as Electron starts a program: evaluate the entry, then be ready. */
import { rm } from "node:fs/promises";
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import { vi } from "vitest";
import type { HostClient } from "#app/contract/host.ts";
import type { LabClient } from "#app/contract/contract.ts";
import type * as FakeElectron from "./fake-electron.ts";
import { FakePort } from "./ports.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

export type BuiltShell = { readonly folder: string; remove(): Promise<void> };

/** Beside out/, from where package.json and resources are found as from there; under a name of its own. */
export async function buildShell(name: string): Promise<BuiltShell> {
  const folder = join(ROOT, `out-${name}-${process.pid}`);
  const cli = join(ROOT, "node_modules", "electron-vite", "bin", "electron-vite.js");
  await promisify(execFile)(process.execPath, [cli, "build", "--logLevel", "warn"], { cwd: ROOT, env: { ...process.env, NASHLAB_OUT: folder } });
  return {
    folder,
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Electron = typeof FakeElectron;

/** A fresh stand-in, with a fresh program on it. `home`: where everything of the user's lies. */
export async function launchShell(built: BuiltShell, home: string, before: (electron: Electron) => void = () => undefined): Promise<Electron> {
  vi.resetModules();
  for (const name of ["CACHE", "CONFIG", "DATA"]) vi.stubEnv(`NASHLAB_${name}_DIR`, join(home, name.toLowerCase()));
  const electron = await import("./fake-electron.ts");
  before(electron);
  await import(/* @vite-ignore */ join(built.folder, "main", "index.js"));
  electron.becomeReady();
  await new Promise((done) => setImmediate(done));
  return electron;
}

/** A port from a page: by default ours, from its top frame. */
export function pagePort(electron: Electron, message: unknown, frame: object | null = { url: "app://bundle/index.html", parent: null }): FakePort {
  const { port1, port2 } = FakePort.pair();
  electron.ipcMain.emit("nashlab:connect", { ports: [port2], senderFrame: frame }, message);
  return port1;
}

export function hostClient(electron: Electron): HostClient {
  return createORPCClient(new RPCLink({ port: started(pagePort(electron, { target: "host" })) }));
}

export function labClient(electron: Electron, key: string): LabClient {
  return createORPCClient(new RPCLink({ port: started(pagePort(electron, { target: key })) }));
}

function started(port: FakePort): FakePort {
  // The link adds its listener when it is made, in the same turn.
  queueMicrotask(() => {
    port.start();
  });
  return port;
}
