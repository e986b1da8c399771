/** Property tests, which draw the same cases on every run of a commit unless others are asked for. */
import fc from "fast-check";

/** The seed that `NASHLAB_PROPERTY_SEED` asks for: a number, or `random` for others each time (undefined leaves it to fast-check). */
export function propertySeed(asked: string | undefined): number | undefined {
  if (asked === "random") return undefined;
  const seed = Number(asked ?? 1);
  if (asked === "" || !Number.isSafeInteger(seed)) throw new Error(`NASHLAB_PROPERTY_SEED: expected a whole number or "random", got "${asked}"`);
  return seed;
}

const seed = propertySeed(process.env["NASHLAB_PROPERTY_SEED"]);
if (seed !== undefined) fc.configureGlobal({ seed });

export { fc };
