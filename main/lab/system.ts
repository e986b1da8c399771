/** The machine's clock and randomness, as the ports that pure code is given. */
import { createHash, randomBytes } from "node:crypto";
import { type ContentHash, type IdMaker, uuidV7 } from "#app/base/ids.ts";
import { canonicalJson } from "#app/base/json.ts";
import type { Clock } from "#app/rounds/ports.ts";

export const systemClock: Clock = { nowMs: () => Date.now() };

/** UUIDv7 with a 12-bit counter behind the millisecond, so that ids sort in the order in which they were made. */
export function createIdMaker(clock: Clock): IdMaker {
  let lastMs = 0;
  let counter = 0;
  return {
    next: () => {
      const now = clock.nowMs();
      if (now > lastMs) {
        lastMs = now;
        counter = 0;
      } else if (++counter > 0xfff) {
        // More than 4,096 ids in a millisecond, or a clock set back: borrow the next millisecond.
        lastMs += 1;
        counter = 0;
      }
      const random = randomBytes(10);
      random[0] = counter >> 8;
      random[1] = counter & 0xff;
      return uuidV7(lastMs, random);
    },
  };
}

/** SHA-256 of a text, in hexadecimal digits. */
export function hashText(text: string): ContentHash {
  // A digest is what the brand stands for.
  return createHash("sha256").update(text, "utf8").digest("hex") as ContentHash;
}

/** SHA-256 of a value's canonical JSON. */
export function hashJson(value: unknown): ContentHash {
  return hashText(canonicalJson(value));
}
