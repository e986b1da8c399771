/** Keeps a connection to the lab: dials, notices when it is gone, dials again, and says how it stands. */
import { createORPCClient } from "@orpc/client";
import type { LabClient } from "#app/contract/contract.ts";
import type { HostClient } from "#app/contract/host.ts";
import { ConnectionLostError } from "./lab-failure.ts";
import { type Dial, RefusedError, type Refusal, type Wire } from "./wire.ts";

export type ConnectionState =
  /** For the first time; calls wait for it. */
  | { readonly kind: "connecting" }
  /** `epoch` counts the connections; `wasLost` if there was one before. */
  | { readonly kind: "open"; readonly epoch: number; readonly wasLost: boolean }
  /** Calls fail at once. */
  | { readonly kind: "lost"; readonly sinceMs: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export type LabConnectionOptions = {
  readonly dial: Dial;
  readonly nowMs: () => number;
  /** Waits before each further attempt, the last one for ever. */
  readonly retryDelaysMs?: readonly number[];
};

type AnyClient = LabClient | HostClient;

const RETRY_DELAYS_MS = [100, 250, 500, 1000, 2000, 4000];

/** `Client`: whose contract answers at the other end, the lab's unless it is the host's. */
export class LabConnection<Client extends AnyClient = LabClient> {
  /** Its calls go over whatever connection there is, and fail with ConnectionLostError if there is none. */
  readonly client: Client;
  readonly #options: LabConnectionOptions;
  readonly #listeners = new Set<() => void>();
  #state: ConnectionState = { kind: "connecting" };
  #wire: Wire | undefined;
  #epoch = 0;
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(options: LabConnectionOptions) {
    this.#options = options;
    this.client = createORPCClient<Client>({
      call: async (path, input, callOptions) => {
        const wire = await this.#wireForCall();
        try {
          return await wire.link.call(path, input, callOptions);
        } catch (thrown) {
          throw wire.isOpen() ? thrown : new ConnectionLostError({ cause: thrown });
        }
      },
    });
    void this.#keepConnected();
  }

  readonly state = (): ConnectionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** A dead wire is not open, even before its end was announced: who tries again at once would never let that happen. */
  isOpen(): boolean {
    return this.#state.kind === "open" && this.#wire?.isOpen() === true;
  }

  /** Dials now rather than after the wait. */
  retryNow(): void {
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wire?.close();
    this.#wake();
  }

  async #keepConnected(): Promise<void> {
    const delays = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS;
    let attempts = 0;
    while (!this.#isClosed) {
      try {
        const wire = await this.#options.dial();
        this.#wire = wire;
        this.#epoch += 1;
        attempts = 0;
        this.#become({ kind: "open", epoch: this.#epoch, wasLost: this.#epoch > 1 });
        await wire.closed;
        this.#wire = undefined;
      } catch (thrown) {
        if (thrown instanceof RefusedError) {
          this.#become({ kind: "refused", refusal: thrown.refusal });
          return;
        }
      }
      if (this.#state.kind !== "lost") this.#become({ kind: "lost", sinceMs: this.#options.nowMs() });
      await this.#pause(delays[Math.min(attempts, delays.length - 1)] ?? 0);
      attempts += 1;
    }
  }

  async #pause(durationMs: number): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #wireForCall(): Promise<Wire> {
    while (this.#state.kind === "connecting") await this.#change();
    if (this.#wire === undefined) throw new ConnectionLostError();
    return this.#wire;
  }

  /** Resolves at the next change of state. */
  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.subscribe(() => {
        stop();
        resolve();
      });
    });
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
