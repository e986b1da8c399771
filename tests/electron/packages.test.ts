/** The packages of each platform, made on a stand-in for Electron's distribution: exactly the files they need, and the fuses set. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { extractFile, listPackage, statFile } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { Arch, build, Platform } from "electron-builder";
import { beforeAll, describe, expect, it } from "vitest";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";
import { writeStubDist } from "#tests/support/electron/stub-dist.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const scratch = sharedTempFolder();

const LINUX = ["libonnxruntime.so.1", "onnxruntime_binding.node"];
const WINDOWS = ["DirectML.dll", "dxcompiler.dll", "dxil.dll", "onnxruntime.dll", "onnxruntime_binding.node"];

const TARGETS = [
  { platform: "linux", arch: "x64", runtime: LINUX },
  { platform: "linux", arch: "arm64", runtime: LINUX },
  { platform: "win32", arch: "x64", runtime: WINDOWS },
  { platform: "win32", arch: "arm64", runtime: WINDOWS },
] as const;

const NATIVE = /\.(?:node|so(?:\.\d+)*|dll|dylib)$/u;

/** Everything that is not native, as patterns of whole paths; a file that none of them names fails the test. */
const ALLOWED = [
  /^out\/main\/[\w-]+\.js$/u,
  /^out\/preload\/index\.cjs$/u,
  /^out\/renderer\/(?:index\.html|icon\.svg|assets\/[\w-]+(?:\.[\w-]+)*\.(?:js|css|woff2?|ttf|svg))$/u,
  /^resources\/[\w/-]+\.(?:jsonl|json|png|txt|md|onnx|safetensors|jinja|yml|yaml)$/u,
  /^package\.json$/u,
  /^node_modules\/(?:better-sqlite3|onnxruntime-node|onnxruntime-common)\/package\.json$/u,
  /^node_modules\/better-sqlite3\/(?:LICENSE|lib\/[\w/-]+\.js)$/u,
  /^node_modules\/onnxruntime-node\/dist\/[\w-]+\.js$/u,
  /^node_modules\/onnxruntime-common\/dist\/(?:cjs|esm)\/[\w.-]+(?:\.js|\/package\.json)?$/u,
  /^node_modules\/onnxruntime-common\/dist\/(?:cjs|esm)\/package\.json$/u,
];

beforeAll(async () => {
  const cli = join(ROOT, "node_modules", "electron-vite", "bin", "electron-vite.js");
  await promisify(execFile)(process.execPath, [cli, "build", "--logLevel", "warn"], { cwd: ROOT });
});

describe.each(TARGETS)("the package for $platform on $arch", ({ platform, arch, runtime }) => {
  const name = `${platform === "linux" ? "linux" : "win"}${arch === "x64" ? "" : "-arm64"}-unpacked`;
  const output = join(scratch, `${platform}-${arch}`);
  const resources = join(output, name, "resources");
  const archive = join(resources, "app.asar");
  const executable = join(output, name, platform === "linux" ? "nash-lab" : "Nash Lab.exe");

  beforeAll(async () => {
    const electronDist = await writeStubDist(join(scratch, `stub-${platform}-${arch}`), platform);
    await build({
      projectDir: ROOT,
      targets: (platform === "linux" ? Platform.LINUX : Platform.WINDOWS).createTarget("dir", arch === "x64" ? Arch.x64 : Arch.arm64),
      publish: "never",
      config: {
        extends: join(ROOT, "electron-builder.yml"),
        electronDist,
        directories: { output },
        // The stand-in is no Windows program that could be signed, or told its archive's hash.
        ...(platform === "win32" ? { win: { signAndEditExecutable: false }, disableAsarIntegrity: true } : {}),
      },
    });
  });

  it("holds exactly the native files of its platform, outside of the archive", () => {
    const natives = [
      `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
      ...runtime.map((file) => `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/${file}`),
    ];
    const unpacked = filesBelow(`${archive}.unpacked`);
    expect(unpacked.filter((path) => NATIVE.test(path))).toEqual(natives.sort());
    expect(listed(archive).filter((path) => NATIVE.test(path))).toEqual(natives);
    // The packager unpacks the whole of a package that has a native file.
    expect(unpacked.filter((path) => !/^node_modules\/(?:better-sqlite3|onnxruntime-node)\//u.test(path))).toEqual([]);
  });

  it("holds nothing that no list names, and what the program starts from", () => {
    const paths = listed(archive).filter((path) => !NATIVE.test(path));
    expect(paths.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)))).toEqual([]);
    const manifest = JSON.parse(extractFile(archive, "package.json").toString("utf8")) as { readonly main: string };
    for (const file of [
      manifest.main,
      "out/main/lab-process.js",
      "out/main/engine-process.js",
      "out/main/engine-worker.js",
      "out/preload/index.cjs",
      "out/renderer/index.html",
      "resources/prompts/everyday.jsonl",
      "resources/demo/happy-ending.json",
      "resources/embedded-model/model.safetensors",
      "resources/icons/icon.png",
    ]) {
      expect(paths).toContain(file);
    }
    // The stand-in brings its default app along.
    expect(
      readdirSync(resources)
        .filter((file) => file !== "default_app.asar")
        .sort(),
    ).toEqual(["app.asar", "app.asar.unpacked"]);
  });

  it("has its fuses set", async () => {
    expect(existsSync(executable)).toBe(true);
    const wire = await getCurrentFuseWire(executable);
    const { ENABLE, DISABLE } = FuseState;
    expect({
      runAsNode: wire[FuseV1Options.RunAsNode],
      cookies: wire[FuseV1Options.EnableCookieEncryption],
      nodeOptions: wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable],
      inspect: wire[FuseV1Options.EnableNodeCliInspectArguments],
      integrity: wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation],
      onlyAsar: wire[FuseV1Options.OnlyLoadAppFromAsar],
      snapshot: wire[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot],
      fileProtocol: wire[FuseV1Options.GrantFileProtocolExtraPrivileges],
    }).toEqual({
      runAsNode: DISABLE,
      cookies: ENABLE,
      nodeOptions: DISABLE,
      inspect: DISABLE,
      integrity: ENABLE,
      onlyAsar: ENABLE,
      snapshot: DISABLE,
      fileProtocol: DISABLE,
    });
  });
});

describe("electron-builder.yml", () => {
  const text = readFileSync(join(ROOT, "electron-builder.yml"), "utf8");

  it("names the version of Electron that is installed, and the kinds of packages that are promised", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly devDependencies: Readonly<Record<string, string>> };
    expect(/^electronVersion: (?<version>.+)$/mu.exec(text)?.groups?.["version"]).toBe(manifest.devDependencies["electron"]);
    expect(ofPlatform("linux")).toContain("target: [AppImage, deb]");
    expect(ofPlatform("win")).toContain("target: [nsis]");
    expect(ofPlatform("mac")).toContain("target: dmg\n      arch: [arm64]");
  });

  it("takes the same files on every platform but for the platform's own native parts", () => {
    const files = (section: string, platform: string): string[] =>
      [...ofPlatform(section).matchAll(/^ {4}- (?<file>.+)$/gmu)]
        .flatMap((found) => found.groups?.["file"] ?? [])
        .filter((file) => !file.startsWith("target:"))
        .map((file) => file.replaceAll(platform, "PLATFORM"));
    const linux = files("linux", "linux");
    expect(linux.length).toBeGreaterThan(10);
    expect(linux.filter((file) => file.includes("PLATFORM"))).toHaveLength(3);
    expect([files("win", "win32"), files("mac", "darwin")]).toEqual([linux, linux]);
  });

  function ofPlatform(name: string): string {
    return new RegExp(String.raw`^${name}:\n(?<section>(?:(?: .*)?\n)*)`, "mu").exec(text)?.groups?.["section"] ?? "";
  }
});

describe.skipIf(process.platform === "win32")("npm start, where Electron's binary is", () => {
  it("says so, starts it on the built shell with the experiment's folder, and ends as it ends", async () => {
    const dist = join(scratch, "dist");
    const binary = join(dist, process.platform === "darwin" ? "Electron.app/Contents/MacOS/Electron" : "electron");
    mkdirSync(dirname(binary), { recursive: true });
    // Tells what it was given, by a file; an editor's own setting must not reach it.
    writeFileSync(binary, '#!/bin/sh\nprintf "%s\\n" "$@" "as node: $ELECTRON_RUN_AS_NODE" > "$0.given"\nexit "$CODE"\n', { mode: 0o755 });
    const start = async (code: number): Promise<{ readonly code: number; readonly said: string }> =>
      await new Promise((done) => {
        const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist, ELECTRON_RUN_AS_NODE: "1", CODE: String(code) };
        execFile(process.execPath, [join(ROOT, "main", "cli", "main.ts"), "open", join(scratch, "haiku")], { env }, (failed, _out, said) => {
          done({ code: Number(failed?.code ?? 0), said });
        });
      });
    const { code, said } = await start(0);
    expect(said).toContain(`Electron's binary is on disk (${binary}), so the lab opens in a window; --browser opens it in the browser.`);
    expect(code).toBe(0);
    expect(readFileSync(`${binary}.given`, "utf8")).toBe(`${ROOT}\n--experiment=${join(scratch, "haiku")}\nas node: \n`);
    expect((await start(3)).code).toBe(1);
  });
});

/** The files of an archive, with forward slashes, sorted. */
function listed(archive: string): string[] {
  return listPackage(archive, { isPack: false })
    .map((path) => path.replaceAll("\\", "/").replace(/^\//u, ""))
    .filter((path) => !("files" in statFile(archive, path)))
    .sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((path) => join(folder, String(path)))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path).replaceAll("\\", "/"))
    .sort();
}
