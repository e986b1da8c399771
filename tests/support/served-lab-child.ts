/** A process that owns a folder's lab and serves the page: what the tests of a sitting kill and start again. Only the engine is a stand-in. */
import { serveLab } from "#main/host/rpc-sockets.ts";
import { startHttpServer } from "#main/http/server.ts";
import { openLabWith } from "#main/lab/open-lab.ts";
import { fakeDrivers } from "./fake-engine.ts";
import { memorySecrets } from "./memory-secrets.ts";

const [folder, root, token, port] = process.argv.slice(2);
if (folder === undefined || root === undefined || token === undefined) throw new Error("expected a folder, the page's folder, a token and a port");

const lab = await openLabWith(
  {
    folder,
    processHost: {
      start: () => {
        throw new Error("the stand-in engine starts no process");
      },
    },
    host: "http",
    secrets: memorySecrets(),
    cacheDir: folder,
    takenOverFrom: null,
  },
  fakeDrivers({}),
);
const server = await startHttpServer({ root, port: Number(port), grants: [{ token, role: "owner" }], serve: serveLab(lab.router) });
// With its parent it is wanted no more.
process.on("disconnect", () => process.exit());
process.send?.({ port: server.port });
