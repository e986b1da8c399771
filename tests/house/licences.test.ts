/** Whatever ships is under a licence that lets us ship it, and the record of it follows imports and lock file. */
import { expect, test } from "vitest";
import { importedPackages, lockedPackages, shippedPackages } from "#tools/docs/licences.ts";

/** Licences that allow shipping unchanged packages beside MIT code; MPL-2.0 asks for the sources of what is changed in them. */
const ALLOWED = new Set([
  "MIT",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "MPL-2.0",
  "OFL-1.1",
  "Unlicense",
  "(MIT OR CC0-1.0)",
]);

test("every package that ships is under a licence of the list", () => {
  const shipped = shippedPackages(importedPackages(), lockedPackages());
  expect(shipped.filter(({ licence }) => !ALLOWED.has(licence))).toEqual([]);
  const names = shipped.map(({ name }) => name);
  // One that is imported, one that such a one needs, one that only tests the lab.
  expect([names.includes("onnxruntime-node"), names.includes("onnxruntime-common"), names.includes("vitest")]).toEqual([true, true, false]);
});

test("what a package needs is found where Node would find it, each version once", () => {
  const locked = {
    "node_modules/a": { version: "1.0.0", license: "MIT", dependencies: { b: "2", c: "1" } },
    "node_modules/a/node_modules/b": { version: "2.0.0", license: "GPL-3.0", dependencies: { c: "1" } },
    "node_modules/b": { version: "1.0.0", license: "MIT" },
    "node_modules/c": { version: "1.0.0" },
    "node_modules/d": { version: "1.0.0", license: "MIT" },
    "node_modules/electron": { version: "1.0.0", license: "MIT", dependencies: { d: "1" } },
  };
  expect(shippedPackages(["a", "b"], locked)).toEqual([
    { name: "a", version: "1.0.0", licence: "MIT" },
    { name: "b", version: "1.0.0", licence: "MIT" },
    { name: "b", version: "2.0.0", licence: "GPL-3.0" },
    { name: "c", version: "1.0.0", licence: "UNKNOWN" },
  ]);
  // Its dependencies download it; they do not ship.
  expect(shippedPackages(["electron"], locked).map(({ name }) => name)).toEqual(["electron"]);
  expect(() => shippedPackages(["e"], locked)).toThrow("expected e (for the lab) in the lock file");
});
