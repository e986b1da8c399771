/** State that stays on a device: what a device computes with it, and what still crosses. The device's memory is this process's here. */
import { afterEach, describe, expect, it } from "vitest";
import { MACHINE_METRICS } from "#app/training/metrics.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { type Crossing, processMemory, RESIDENT_STEPS, sampleMany, trainFew, type WatchedSessions, watched } from "#tests/support/resident-runs.ts";

const open: SessionCache[] = [];
afterEach(async () => {
  for (const sessions of open.splice(0)) await sessions.release();
});

function sessionsOf(fusion: "exact" | "fast", keeps: boolean): WatchedSessions {
  const real = createSessionCache(12, { threads: 1, fusion });
  open.push(real);
  return watched(real, () => (keeps ? processMemory() : undefined));
}

function crossed(crossings: readonly Crossing[], what: RegExp): readonly Omit<Crossing, "what">[] {
  return crossings.filter((crossing) => what.test(crossing.what)).map(({ toDevice, back }) => ({ toDevice, back }));
}

describe("sampling with caches on the device", () => {
  it("gives the same tokens and log-probabilities to the bit, rows refilled and caches grown", async () => {
    const [host, device] = [sessionsOf("fast", false), sessionsOf("fast", true)];
    const responses = await sampleMany(device.sessions);
    expect(responses).toEqual(await sampleMany(host.sessions));
    expect(Object.keys(responses)).toHaveLength(36);
    // The test would prove little if none of this had happened.
    expect(new Set(Object.values(responses).map(({ tokenIds }) => tokenIds.length)).size).toBeGreaterThan(4);
    expect(crossed(device.crossings, /\/grow\//u)).toHaveLength(1);
    expect(crossed(device.crossings, /\/place\//u)).toHaveLength(36);
    expect(device.held.size).toBe(0);
  });

  it("carries no caches and no factors across", async () => {
    const [host, device] = [sessionsOf("fast", false), sessionsOf("fast", true)];
    await sampleMany(host.sessions);
    await sampleMany(device.sessions);
    const most = (some: readonly { readonly toDevice: number }[]) => Math.max(...some.map(({ toDevice }) => toDevice));
    const [before, after] = [most(crossed(host.crossings, /\/decode\//u)), most(crossed(device.crossings, /\/decode-written\//u))];
    // Of 32 rows of 192 positions, 2 layers, 2 heads of 8: caches, and weights, which are this model's factors.
    const caches = 2 * 2 * 32 * 2 * 192 * 8 * 4;
    expect(before).toBeGreaterThan(caches);
    expect(after).toBeLessThan(caches / 40);
    // A prompt's keys and values do not come back either.
    expect(most(crossed(device.crossings, /\/place\//u))).toBeLessThan(caches / 40);
  });
});

describe.each(["adapter", "all weights"] as const)("training of %s with its state on the device", (part) => {
  it("has the losses, norms and numbers of training in memory", async () => {
    const [host, device] = [await trainFew(part, sessionsOf("exact", false).sessions), await trainFew(part, sessionsOf("exact", true).sessions)];
    expect(device.metrics).toHaveLength(RESIDENT_STEPS);
    host.metrics.forEach((want, i) => {
      const got = device.metrics[i] ?? {};
      expect(Object.keys(got)).toEqual(Object.keys(want));
      for (const [name, value] of Object.entries(want)) {
        if (MACHINE_METRICS.some((machine) => machine === name)) continue;
        expect(Math.abs((got[name] ?? Number.NaN) - value), `${name} of step ${i + 1}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      }
    });
    for (const kind of ["factors", "firstMoments", "secondMoments"] as const) {
      for (const [name, want] of host.state?.[kind] ?? []) {
        const got = device.state?.[kind].get(name);
        const size = Math.hypot(...want);
        expect(Math.hypot(...want.map((x, j) => x - (got?.[j] ?? Number.NaN))) / size, `${kind} ${name}`).toBeLessThan(1e-5);
      }
    }
    expect(device.state?.references).toEqual(host.state?.references);
  });

  it("goes on from a pause and from a checkpoint to the same end, to the bit", async () => {
    const whole = await trainFew(part, sessionsOf("exact", true).sessions);
    const paused = sessionsOf("exact", true);
    const first = await trainFew(part, paused.sessions, { cancelAfter: 3 });
    expect(paused.held.size).toBe(0);
    expect(first.saved.map(({ step }) => step)).toEqual([2, 3]);
    expect(first.saved[0]).toEqual(whole.saved[0]);
    for (const resumed of first.saved) expect((await trainFew(part, sessionsOf("exact", true).sessions, { resumed })).state).toEqual(whole.state);
  });

  it("carries parameters, gradients and moments across when they are saved, never in a step", async () => {
    const device = sessionsOf("exact", true);
    const { state } = await trainFew(part, device.sessions);
    const parameterBytes = [...(state?.factors.values() ?? [])].reduce((sum, numbers) => sum + numbers.byteLength, 0);
    const inSteps = device.crossings.filter(({ what }) => what !== "place" && what !== "read");
    for (const { what, back } of inSteps) expect(back, what).toBeLessThan(2000);
    // The norm, and AdamW's few numbers.
    expect(crossed(device.crossings, /\/squares$/u)).toEqual(new Array(RESIDENT_STEPS).fill({ toDevice: 0, back: 4 * (state?.factors.size ?? 0) }));
    expect(crossed(device.crossings, /\/adamw$/u)).toEqual(new Array(RESIDENT_STEPS).fill({ toDevice: 20, back: 0 }));
    const sum = (side: "toDevice" | "back", what: RegExp) => crossed(device.crossings, what).reduce((total, crossing) => total + crossing[side], 0);
    // Once for scoring references, then parameters and two moments; all three back at the checkpoint and at the end.
    expect(sum("toDevice", /^place$/u)).toBe(4 * parameterBytes);
    expect(sum("back", /^read$/u)).toBe(2 * 3 * parameterBytes);
    expect(device.held.size).toBe(0);
  });
});
