/** Every method of the contract with every role: who may call what. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ORPCError } from "@orpc/client";
import { type Role, roleSchema } from "#app/contract/base.ts";
import { contract, type LabClient } from "#app/contract/contract.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openReadyLab } from "./support.ts";

/** Who may call each method, written down once more: a method that is added or given another role must be so here too. */
const ALLOWED: Readonly<Record<string, readonly Role[]>> = {
  "experiments.get": ["owner", "reader"],
  "experiments.create": ["owner"],
  "experiments.configure": ["owner"],
  "experiments.lookAtImport": ["owner"],
  "experiments.importPrompts": ["owner"],
  "rounds.judgeForecast": ["owner", "reader"],
  "rounds.list": ["owner", "reader"],
  "rounds.start": ["owner"],
  "rounds.pause": ["owner"],
  "rounds.forecast": ["owner", "reader"],
  "rounds.measureTraining": ["owner"],
  "rounds.stop": ["owner"],
  "rounds.resume": ["owner"],
  "rounds.redo": ["owner"],
  "rounds.series": ["owner", "reader"],
  "rounds.setLast": ["owner"],
  "rounds.settle": ["owner"],
  "rounds.watch": ["owner", "reader"],
  "queue.authors": ["owner", "annotator"],
  "queue.next": ["owner", "annotator"],
  "queue.judge": ["owner", "annotator"],
  "queue.undo": ["owner", "annotator"],
  "queue.redo": ["owner", "annotator"],
  "queue.saveDraft": ["owner", "annotator"],
  "queue.flag": ["owner", "annotator"],
  "queue.endSitting": ["owner", "annotator"],
  "queue.sitting": ["owner", "annotator"],
  "judgments.ask": ["owner", "reader"],
  "judgments.lists": ["owner", "reader"],
  "judgments.list": ["owner", "reader"],
  "judgments.page": ["owner", "reader"],
  "judgments.facets": ["owner", "reader"],
  "judgments.open": ["owner", "reader"],
  "judgments.correct": ["owner"],
  "judgments.settle": ["owner"],
  "judgments.takeBack": ["owner"],
  "judgments.reopen": ["owner"],
  "judgments.askAgain": ["owner", "annotator"],
  "training.metrics": ["owner", "reader"],
  "training.run": ["owner", "reader"],
  "training.stopWithBest": ["owner"],
  "results.table": ["owner", "reader"],
  "results.overview": ["owner", "reader"],
  "results.examples": ["owner", "reader"],
  "results.chosen": ["owner", "reader"],
  "results.choose": ["owner"],
  "results.agreement": ["owner", "reader"],
  "results.comparisonPlan": ["owner", "reader"],
  "results.compare": ["owner"],
  "results.comparison": ["owner", "reader"],
  "results.giveUpComparison": ["owner"],
  "results.report": ["owner", "reader"],
  "results.importCalibration": ["owner"],
  "results.exportPairs": ["owner"],
  "results.exportResponses": ["owner"],
  "results.exportJudgments": ["owner"],
  "results.exportDataset": ["owner"],
  "policies.list": ["owner", "reader"],
  "policies.describe": ["owner", "reader"],
  "policies.try": ["owner"],
  "policies.remove": ["owner"],
  "policies.restore": ["owner"],
  "policies.add": ["owner"],
  "policies.export": ["owner"],
  "policies.look": ["owner"],
  "policies.hub": ["owner"],
  "policies.setHubToken": ["owner"],
  "policies.merge": ["owner"],
  "settings.about": ["owner", "reader"],
  "settings.doctor": ["owner"],
  "settings.backups": ["owner", "reader"],
  "settings.backUp": ["owner"],
  "settings.garbage": ["owner", "reader"],
  "settings.collectGarbage": ["owner"],
  "settings.writeReport": ["owner"],
  "settings.engine": ["owner", "reader"],
  "settings.setEngine": ["owner"],
  "settings.devices": ["owner", "reader"],
  "settings.endpoints": ["owner"],
  "settings.saveEndpoint": ["owner"],
  "settings.removeEndpoint": ["owner"],
  "settings.setKey": ["owner"],
  "settings.removeKey": ["owner"],
  "settings.testEndpoint": ["owner"],
  "settings.snapshots": ["owner"],
  "settings.acceptSnapshot": ["owner"],
  "settings.withdrawSnapshot": ["owner"],
  "settings.templates": ["owner", "reader"],
  "settings.budget": ["owner", "reader"],
  "settings.setCaps": ["owner"],
  "settings.network": ["owner", "reader"],
  "settings.setOffline": ["owner"],
  "settings.allowHost": ["owner"],
  "settings.forbidHost": ["owner"],
};

const methods = Object.entries(contract).flatMap(([area, ofArea]) => Object.keys(ofArea).map((name) => `${area}.${name}`));

describe("roles", () => {
  it("are stated for every method of the contract", () => {
    expect(Object.keys(ALLOWED).sort()).toEqual([...methods].sort());
  });

  it("reach what they may and nothing else, whatever the input", async () => {
    const { lab, db } = await openReadyLab();
    const before = db.all("SELECT (SELECT count(*) FROM round) AS rounds, (SELECT count(*) FROM policy) AS policies");
    // Some methods write there, and a system's user may write anywhere.
    const path = join(tempFolder(), "out");
    const outcomes: Record<string, Role[]> = {};
    for (const method of methods) {
      const [area = "", name = ""] = method.split(".");
      outcomes[method] = [];
      for (const role of roleSchema.options) {
        const call = methodOf(lab.client(role), area, name);
        if (await isLetIn(() => call({ path }), method)) outcomes[method].push(role);
        await lab.client("owner").rounds.settle();
      }
    }
    expect(outcomes).toEqual(Object.fromEntries(methods.map((method) => [method, [...(ALLOWED[method] ?? [])]])));
    // Only `rounds.start` was called with an input that it takes.
    expect(db.all("SELECT (SELECT count(*) FROM policy) AS policies")[0]?.["policies"]).toBe(Number(before[0]?.["policies"]) + 1);
  });
});

type Method = (input: unknown) => Promise<unknown>;

function methodOf(client: LabClient, area: string, name: string): Method {
  const ofArea = client[area as keyof LabClient]; // a key of the contract, which the client mirrors
  return (ofArea as unknown as Readonly<Record<string, Method>>)[name] ?? (() => Promise.reject(new Error(`${area}.${name} is not there`))); // called with what may not fit
}

/** False if the call was refused for the role; a call that got past that may fail for its input. */
async function isLetIn(call: () => Promise<unknown>, method: string): Promise<boolean> {
  try {
    const result = await call();
    if (method === "rounds.watch" && typeof result === "object" && result !== null && "return" in result)
      await (result.return as () => Promise<unknown>)();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ORPCError)) throw thrown;
    const data = thrown.data as { readonly code?: string } | undefined;
    return !(thrown.code === "LAB" && data?.code === "forbidden");
  }
}
