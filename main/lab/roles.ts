/** What every contract call passes through: the caller's role is checked, errors take the form in which they cross. */
import { implement, ORPCError } from "@orpc/server";
import { roleReaches, type Role } from "#app/contract/base.ts";
import { contract } from "#app/contract/contract.ts";
import { ForbiddenError, InternalError, toLabError } from "#app/base/errors.ts";
import { hostWords } from "#app/text/host.ts";

export type CallContext = {
  readonly role: Role;
};

export const api = implement(contract)
  .$context<CallContext>()
  .use(async ({ context, next, procedure, path }) => {
    try {
      const needed = roleOf(procedure["~orpc"].meta, path);
      if (!roleReaches(context.role, needed)) {
        throw new ForbiddenError(hostWords.needsRole(path.join("."), needed, context.role));
      }
      return await next();
    } catch (thrown) {
      throw asWireError(thrown);
    }
  });

function roleOf(meta: Readonly<Record<string, unknown>>, path: readonly string[]): Role {
  const role = meta["role"];
  if (role === "owner" || role === "annotator" || role === "reader") return role;
  throw new InternalError(`the contract method ${path.join(".")} names no role`);
}

/** How an error crosses: validation errors of oRPC keep their own form; everything else crosses as LAB with code and details. */
export function asWireError(thrown: unknown): unknown {
  if (thrown instanceof ORPCError) return thrown;
  const error = toLabError(thrown);
  return new ORPCError("LAB", {
    defined: true,
    status: 422,
    message: error.message,
    data: { code: error.code, details: error.details },
    cause: error,
  });
}
