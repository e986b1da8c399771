/** The connection to the lab, over wires that a test cuts. */
import { describe, expect, it } from "vitest";
import { LabConnection } from "#renderer/lab-client/lab-connection.ts";
import { ConnectionLostError } from "#renderer/lab-client/lab-failure.ts";
import { type Dial, RefusedError, type Wire } from "#renderer/lab-client/wire.ts";

type Call = (path: readonly string[]) => Promise<unknown>;

/** A wire that answers with `call` until it is cut. */
function createWire(call: Call): Wire & { cut(): void } {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let isOpen = true;
  const cut = (): void => {
    isOpen = false;
    resolve();
  };
  return { link: { call: async (path) => await call(path) }, isOpen: () => isOpen, closed, close: cut, cut };
}

/** Hands out one wire after another; rejects when told to. */
function connect(dial: Dial): LabConnection {
  return new LabConnection({ dial, nowMs: () => 42, retryDelaysMs: [0] });
}

async function untilState(connection: LabConnection, kind: string): Promise<void> {
  if (connection.state().kind === kind) return;
  await new Promise<void>((resolve) => {
    const stop = connection.subscribe(() => {
      if (connection.state().kind !== kind) return;
      stop();
      resolve();
    });
  });
}

describe("the connection to the lab", () => {
  it("lets first calls wait for it", async () => {
    const { promise: mayOpen, resolve: letOpen } = Promise.withResolvers<void>();
    const wire = createWire(async () => await Promise.resolve([]));
    const connection = connect(async () => {
      await mayOpen;
      return wire;
    });
    const call = connection.client.rounds.list();
    expect(connection.state()).toEqual({ kind: "connecting" });
    letOpen();
    expect(await call).toEqual([]);
    connection.close();
  });

  it("dials again when it is cut, and says that it was", async () => {
    const wires = [createWire(async () => await Promise.resolve([])), createWire(async () => await Promise.resolve([]))];
    let dialled = 0;
    let mayAnswer = true;
    const connection = connect(async () => {
      await Promise.resolve();
      if (!mayAnswer) throw new Error("nobody there");
      const wire = wires[dialled];
      dialled += 1;
      if (wire === undefined) throw new Error("no more wires");
      return wire;
    });
    await untilState(connection, "open");
    expect(connection.state()).toEqual({ kind: "open", epoch: 1, wasLost: false });
    mayAnswer = false;
    wires[0]?.cut();
    await untilState(connection, "lost");
    expect(connection.state()).toEqual({ kind: "lost", sinceMs: 42 });
    await expect(connection.client.rounds.list()).rejects.toBeInstanceOf(ConnectionLostError);
    mayAnswer = true;
    await untilState(connection, "open");
    expect(connection.state()).toEqual({ kind: "open", epoch: 2, wasLost: true });
    expect(await connection.client.rounds.list()).toEqual([]);
    connection.close();
  });

  it("tells a call whose answer was lost from one that the lab refused", async () => {
    const wire = createWire(async () => await Promise.reject(new Error("a round is running already")));
    const connection = connect(async () => await Promise.resolve(wire));
    await untilState(connection, "open");
    await expect(connection.client.rounds.start({})).rejects.toThrow("a round is running already");
    const cutting = createWire(async () => {
      cutting.cut();
      return await Promise.reject(new Error("closed"));
    });
    const another = connect(async () => await Promise.resolve(cutting));
    await untilState(another, "open");
    await expect(another.client.rounds.start({})).rejects.toBeInstanceOf(ConnectionLostError);
    connection.close();
    another.close();
  });

  it("is not open on a dead wire whose end was not announced yet", async () => {
    let isDead = false;
    const { promise: closed, resolve: announce } = Promise.withResolvers<void>();
    const wire: Wire = {
      link: { call: async () => await Promise.reject(new Error("the socket is closed")) },
      isOpen: () => !isDead,
      closed,
      close: announce,
    };
    const connection = connect(async () => await Promise.resolve(wire));
    await untilState(connection, "open");
    expect(connection.isOpen()).toBe(true);
    isDead = true;
    expect(connection.isOpen()).toBe(false);
    await expect(connection.client.rounds.list()).rejects.toBeInstanceOf(ConnectionLostError);
    connection.close();
  });

  it("stops where it is refused", async () => {
    let dialled = 0;
    const connection = connect(async () => {
      dialled += 1;
      return await Promise.reject(new RefusedError("oldToken"));
    });
    await untilState(connection, "refused");
    expect(connection.state()).toEqual({ kind: "refused", refusal: "oldToken" });
    await expect(connection.client.rounds.list()).rejects.toBeInstanceOf(ConnectionLostError);
    expect(dialled).toBe(1);
  });
});
