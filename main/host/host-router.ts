/** Answers the host's contract: the list of experiments, making and opening them, and choosing files. */
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { implement, type Router } from "@orpc/server";
import { ConflictError, ForbiddenError, NotFoundError } from "#app/base/errors.ts";
import type { FileUse } from "#app/contract/host.ts";
import { hostContract } from "#app/contract/host.ts";
import { hostWords } from "#app/text/host.ts";
import { asWireError, type CallContext } from "#main/lab/roles.ts";
import { makeDemo } from "./demo.ts";
import type { Desk, OpenedExperiment } from "./desk.ts";
import { listFolder } from "./list-folder.ts";
import type { UserFolders } from "./user-folders.ts";

export type HostRouter = Router<typeof hostContract, CallContext>;

/** The system's dialogs, where there are any; resolves to null if nothing was chosen. */
export type ChooseFile = (what: Exclude<FileUse, "adapter" | "other"> | "folder") => Promise<string | null>;

export type HostParts = {
  readonly desk: Desk;
  readonly userFolders: UserFolders;
  readonly version: string;
  readonly kind: "browser" | "window";
  /** The experiment that the host was started with. */
  readonly experiment: () => OpenedExperiment | null;
  /** The folder of the files that come with the lab. */
  readonly resources: string;
  readonly choose?: ChooseFile;
};

/** Every method is the owner's. */
const api = implement(hostContract)
  .$context<CallContext>()
  .use(async ({ context, next, path }) => {
    try {
      if (context.role !== "owner") throw new ForbiddenError(hostWords.ownersOnly(path.join("."), context.role));
      return await next();
    } catch (thrown) {
      throw asWireError(thrown);
    }
  });

export function createHostRouter(parts: HostParts): HostRouter {
  const { desk, choose } = parts;
  return api.router({
    about: api.about.handler(({ input }) => ({
      version: parts.version,
      kind: parts.kind,
      platform: process.platform,
      coreCount: availableParallelism(),
      memoryBytes: totalmem(),
      dataFolder: parts.userFolders.data,
      experiment: (input.key === undefined ? undefined : desk.known(input.key)) ?? parts.experiment(),
      hasDialogs: choose !== undefined,
      samplePrompts: join(parts.resources, "prompts", "everyday.jsonl"),
    })),
    experiments: {
      recent: api.experiments.recent.handler(async () => await desk.cards()),
      open: api.experiments.open.handler(async ({ input }) => await desk.open(resolve(input.folder))),
      create: api.experiments.create.handler(
        async ({ input }) =>
          await desk.make(input.name, input.folder === undefined ? undefined : resolve(input.folder), async (client) => {
            await client.experiments.create({ name: input.name, config: input.config });
          }),
      ),
      createDemo: api.experiments.createDemo.handler(
        async ({ input }) =>
          await desk.make("Demo", undefined, async (client) => {
            await makeDemo(client, { ...input, resources: parts.resources, models: join(parts.userFolders.data, "models") });
          }),
      ),
      forget: api.experiments.forget.handler(async ({ input }) => {
        const forgotten = await desk.forget(input.folder);
        if (forgotten === undefined) throw new NotFoundError(hostWords.notOnList(input.folder));
        return { openedAtMs: forgotten.openedAtMs };
      }),
      remember: api.experiments.remember.handler(async ({ input }) => {
        await desk.remember(input);
        return null;
      }),
    },
    files: {
      list: api.files.list.handler(async ({ input }) => await listFolder(input.path)),
      choose: api.files.choose.handler(async ({ input }) => {
        if (choose === undefined) throw new ConflictError(hostWords.noDialogs);
        return await choose(input.what);
      }),
    },
  });
}
