/** Endpoints as they are kept. */
import { expect, it } from "vitest";
import { endpointSchema } from "#app/domain/endpoint.ts";
import { endpointByName, upsertEndpoint } from "#main/store/queries/endpoints.ts";
import { openEmpty } from "./support.ts";

it("an endpoint from when longer time-outs could be set waits as long as a reply is waited for", () => {
  const db = openEmpty();
  upsertEndpoint(db, { ...endpointSchema.parse({ name: "here", baseUrl: "https://a.org" }), timeoutMs: 900_000 });
  expect(endpointByName(db, "here").timeoutMs).toBe(300_000);
});
