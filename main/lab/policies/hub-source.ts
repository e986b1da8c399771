/** Policies named on the Hugging Face hub: what they would take, and fetched once their size is confirmed. */
import { ConfigError } from "#app/base/errors.ts";
import type { HubSource } from "#app/domain/hub-source.ts";
import type { HubListing } from "#app/rounds/ports.ts";
import { engineWords } from "#app/text/engine.ts";
import { fixed } from "#app/text/language.ts";
import { policyWords } from "#app/text/policies.ts";
import type { LabContext } from "../context.ts";

/** What fetching a model would take; nothing is fetched. */
export async function lookAtHub(lab: LabContext, source: HubSource, signal: AbortSignal): Promise<HubListing> {
  return await lab.hub.look(source, await lab.secrets.get(lab.hub.origin), signal);
}

/** The path that can be opened. Throws ConfigError for more bytes to fetch than were confirmed. */
export async function fetchFromHub(lab: LabContext, source: HubSource, confirmedBytes: number, signal: AbortSignal): Promise<string> {
  const listing = await lookAtHub(lab, source, signal);
  if (listing.missingBytes === 0 && listing.host === "") return listing.path;
  if (listing.missingBytes > confirmedBytes) {
    throw new ConfigError(policyWords.confirmSize(source.repo, megabytes(listing.missingBytes), listing.host, megabytes(confirmedBytes)), {
      host: listing.host,
      bytes: listing.missingBytes,
    });
  }
  return await lab.hub.fetch(
    source,
    await lab.secrets.get(lab.hub.origin),
    ({ name, doneBytes, totalBytes }) => {
      const share = totalBytes === 0 ? 1 : doneBytes / totalBytes;
      lab.checkpoints.tell({ message: engineWords.opening.fetching(name, source.repo, megabytes(doneBytes), megabytes(totalBytes)), share });
    },
    signal,
  );
}

function megabytes(bytes: number): string {
  return fixed(bytes / 1e6, bytes < 1e7 ? 1 : 0);
}
