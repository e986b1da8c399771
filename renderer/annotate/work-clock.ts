/** Time at work: how long a comparison was looked at, and how long the sitting has lasted, pauses taken off. */

export class WorkClock {
  readonly #nowMs: () => number;
  #isRunning = false;
  /** Time gathered before the present stretch. */
  #sittingMs = 0;
  #beforeMs: number | undefined;
  #lookMs = 0;
  #stretchFromMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Goes on while something is looked at; stops when it is covered, hidden or paused. */
  setRunning(isRunning: boolean): void {
    this.#gather();
    this.#isRunning = isRunning;
  }

  /** What the lab had counted of the sitting before this page came. Later counts of the lab hold the time that is measured here. */
  goOnFrom(beforeMs: number): void {
    this.#beforeMs ??= beforeMs;
  }

  /** A new sitting: its time begins at nothing. */
  beginSitting(): void {
    this.#gather();
    this.#sittingMs = 0;
    this.#beforeMs = 0;
    this.#lookMs = 0;
  }

  /** A new comparison is on the screen. */
  beginLook(): void {
    this.#gather();
    this.#lookMs = 0;
  }

  lookMs(): number {
    this.#gather();
    return this.#lookMs;
  }

  /** With what was before this page. */
  sittingMs(): number {
    this.#gather();
    return (this.#beforeMs ?? 0) + this.#sittingMs;
  }

  #gather(): void {
    const now = this.#nowMs();
    const stretchMs = this.#isRunning ? Math.max(0, now - this.#stretchFromMs) : 0;
    this.#sittingMs += stretchMs;
    this.#lookMs += stretchMs;
    this.#stretchFromMs = now;
  }
}
