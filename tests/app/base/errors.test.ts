/** What was thrown as the lab's error: what a disk or a folder refuses is told in words, only what is a bug is called one. */
import { expect, it } from "vitest";
import { DataError, toLabError } from "#app/base/errors.ts";

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: something, open`), { code, syscall: "open", ...(path === undefined ? {} : { path }) });
}

it("says what happened to a file and what can be done, with its path", () => {
  const full = toLabError(systemError("ENOSPC", "/lab/backups/a.db"));
  expect([full.code, full.message]).toEqual(["store", "/lab/backups/a.db: the disk is full: make room on it, and go on"]);
  expect(full.cause).toBeInstanceOf(Error);
  expect(toLabError(systemError("EACCES")).message).toBe("this is not allowed there; look at its permissions, or choose another place");
  expect(toLabError(systemError("EEXIST", "/lab/backups")).message).toMatch(/^\/lab\/backups: something of that name is there already/u);
});

it("leaves the lab's own errors, and calls internal what neither the lab nor a disk has said", () => {
  const own = new DataError("expected a prompt");
  expect(toLabError(own)).toBe(own);
  expect(toLabError(new TypeError("x is not a function"))).toMatchObject({ code: "internal", message: "internal: x is not a function" });
  // A code without a call of the system is no file's.
  expect(toLabError(Object.assign(new Error("gone"), { code: "ENOENT" })).code).toBe("internal");
  expect(toLabError(Object.assign(new Error("x"), { code: "ENOSPC" })).message).toBe("the disk is full: make room on it, and go on");
  expect(toLabError(systemError("EWHATEVER")).code).toBe("internal");
});
