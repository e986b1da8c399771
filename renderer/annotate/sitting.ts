/** A sitting with the lab behind it: sends one thing after another, so that nothing is lost, doubled or overtaken. */
import type { QueueSource, ShownVerdict } from "#app/contract/queue.ts";
import type { Reason } from "#app/contract/views.ts";
import type { LabClient } from "#app/contract/contract.ts";
import { ConnectionLostError, isFinal, sentenceOf } from "../lab-client/lab-failure.ts";
import { annotateText } from "../text/annotate.ts";
import type { Answer, Outbox } from "./outbox.ts";
import {
  emptySitting,
  type SittingState,
  type StepKind,
  withAcknowledged,
  withAnswer,
  withFlag,
  withNext,
  withRefused,
  withStep,
} from "./sitting-state.ts";

const text = annotateText.notices;

/** Fetched ahead, and asked for again when so few are left. */
const AHEAD = 8;
const FEW_LEFT = 4;
/** After an error of the lab that may pass. */
const TRY_AGAIN_MS = 2000;
/** Where others hold the last comparisons: what they leave comes free without a word from the lab. */
const LOOK_AGAIN_MS = 60_000;

/** What a sitting needs of the connection. */
export type SittingLine = {
  isOpen(): boolean;
  subscribe(listener: () => void): () => void;
};

export type SittingOptions = {
  readonly author: string;
  readonly queue: Pick<LabClient["queue"], "next" | "judge" | "undo" | "redo" | "flag">;
  /** Where its comparisons come from; the running stage unless said otherwise. */
  readonly source?: QueueSource;
  readonly line: SittingLine;
  readonly outbox: Outbox;
  readonly nowMs: () => number;
  /** A new UUID at every call. */
  readonly newRequestId: () => string;
  readonly tryAgainMs?: number;
  readonly lookAgainMs?: number;
};

export class Sitting {
  readonly #options: SittingOptions;
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  /** Flags that the lab has not been told of yet. */
  readonly #flags = new Map<string, boolean>();
  #state: SittingState;
  #wantsNext = true;
  #isFetching = false;
  #isResting = true;
  /** What was said of an error that may pass: said until something is managed again. */
  #trouble: string | null = null;
  #isClosed = false;
  #wake: () => void = () => undefined;

  /** Sends at once what an earlier page left; nothing is fetched before somebody sits down. */
  constructor(options: SittingOptions) {
    this.#options = options;
    this.#state = emptySitting(options.outbox.all());
    this.#stopListening = options.line.subscribe(() => {
      this.#wake();
    });
    void this.#work();
  }

  readonly state = (): SittingState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Answers what is on the screen; nothing if there is nothing, or if a step back is under way. */
  judge(verdict: ShownVerdict, durationMs: number, reason?: Reason): void {
    const [current] = this.#state.upcoming;
    if (current === undefined || this.#state.step !== null) return;
    const answer: Answer = {
      requestId: this.#options.newRequestId(),
      author: this.#options.author,
      askId: current.askId,
      verdict,
      durationMs,
      pressedAtMs: this.#options.nowMs(),
      ...(reason === undefined ? {} : { reason }),
    };
    const isKept = this.#options.outbox.keep(answer);
    const answered = withAnswer(this.#state, answer);
    this.#become(isKept ? answered : { ...answered, notice: text.notKept });
    this.#wake();
  }

  /** Takes the last verdict back, or puts it in force again; waits for what is still to be sent. */
  step(kind: StepKind): void {
    if (this.#state.step !== null) return;
    if (!this.#options.line.isOpen()) {
      // The lab keeps no id of a step: one whose answer is lost could not be repeated safely.
      this.#become({ ...this.#state, notice: text.stepWaits(kind) });
      return;
    }
    this.#become({ ...this.#state, step: kind, notice: null });
    this.#wake();
  }

  /** Marks what is on the screen for a second look, or takes the mark off. */
  flag(): void {
    const [current] = this.#state.upcoming;
    if (current === undefined) return;
    const isFlagged = !current.isFlagged;
    this.#become(withFlag(this.#state, current.askId, isFlagged));
    this.#flags.set(current.askId, isFlagged);
    this.#wake();
  }

  /** Somebody sits before it: what waits is fetched, now and whenever little is left. */
  sitDown(): void {
    this.#isResting = false;
    this.refresh();
  }

  /** Nobody sits before it: what was pressed still goes out, but what is fetched would be held back from everybody else. */
  rest(): void {
    this.#isResting = true;
  }

  isResting(): boolean {
    return this.#isResting;
  }

  /** The lab has ended it and given back what was fetched. Who sat down again meanwhile keeps the pair on the screen. */
  ended(): void {
    if (this.#isResting) this.#become(emptySitting(this.#state.unsent));
    this.refresh();
  }

  /** The lab's queue has changed, or the connection is new. */
  refresh(): void {
    this.#wantsNext = true;
    this.#wake();
  }

  /** Resolves when the lab has taken all that was pressed and answered all that was asked. */
  async whenSent(): Promise<void> {
    while (this.#state.unsent.length > 0 || this.#flags.size > 0 || this.#state.step !== null || this.#isFetching) {
      await new Promise<void>((resolve) => {
        const stop = this.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#wake();
  }

  async #work(): Promise<void> {
    while (!this.#isClosed) {
      const job = this.#options.line.isOpen() ? this.#nextJob() : undefined;
      if (job === undefined) {
        await this.#idle();
        continue;
      }
      try {
        await job();
        this.#forgetTrouble();
      } catch (thrown) {
        if (thrown instanceof ConnectionLostError) this.#loseConnection();
        else await this.#waitAfter(sentenceOf(thrown));
      }
    }
  }

  #nextJob(): (() => Promise<void>) | undefined {
    const [oldest] = this.#state.unsent;
    if (oldest !== undefined)
      return async () => {
        await this.#send(oldest);
      };
    const [flag] = this.#flags;
    if (flag !== undefined)
      return async () => {
        await this.#sendFlag(...flag);
      };
    const { step, upcoming, isExhausted } = this.#state;
    if (step !== null)
      return async () => {
        await this.#takeStep(step);
      };
    if (!this.#isResting && (this.#wantsNext || (upcoming.length < FEW_LEFT && !isExhausted)))
      return async () => {
        await this.#fetch();
      };
    return undefined;
  }

  async #sendFlag(askId: string, isFlagged: boolean): Promise<void> {
    try {
      await this.#options.queue.flag({ author: this.#options.author, askId, isFlagged });
    } catch (thrown) {
      if (!isFinal(thrown)) throw thrown;
    }
    if (this.#flags.get(askId) === isFlagged) this.#flags.delete(askId);
    this.#become({ ...this.#state });
  }

  async #send(answer: Answer): Promise<void> {
    const { pressedAtMs: _pressedAtMs, ...act } = answer;
    const { requestId } = answer;
    try {
      const { counts, practice } = await this.#options.queue.judge(act);
      this.#options.outbox.drop(requestId);
      this.#become(withAcknowledged(this.#state, requestId, counts, practice));
    } catch (thrown) {
      if (!isFinal(thrown)) throw thrown;
      this.#options.outbox.drop(requestId);
      this.#become(withRefused(this.#state, requestId, sentenceOf(thrown)));
      this.#wantsNext = true;
    }
  }

  async #takeStep(kind: StepKind): Promise<void> {
    const { author, queue } = this.#options;
    try {
      this.#become(withStep(this.#state, kind, await queue[kind]({ author })));
      // What was the last verdict before this one, the lab knows.
      this.#wantsNext = true;
    } catch (thrown) {
      if (thrown instanceof ConnectionLostError) throw thrown;
      this.#become({ ...this.#state, step: null, notice: sentenceOf(thrown) });
    }
  }

  async #fetch(): Promise<void> {
    const { author, queue, source = "round" } = this.#options;
    this.#wantsNext = false;
    this.#isFetching = true;
    const reply = await queue.next({ author, count: AHEAD, source }).finally(() => {
      this.#isFetching = false;
    });
    this.#become(withNext(this.#state, reply, AHEAD));
  }

  #loseConnection(): void {
    this.#wantsNext = true;
    const { step } = this.#state;
    this.#become(step === null ? { ...this.#state } : { ...this.#state, step: null, notice: text.brokeOff(step) });
  }

  /** The lab answered with an error that may pass: what is kept here is sent again after a while. */
  async #waitAfter(sentence: string): Promise<void> {
    this.#wantsNext = true;
    this.#trouble = text.triedAgain(sentence);
    this.#become({ ...this.#state, notice: this.#trouble });
    await new Promise((resolve) => setTimeout(resolve, this.#options.tryAgainMs ?? TRY_AGAIN_MS));
  }

  #forgetTrouble(): void {
    if (this.#trouble !== null && this.#state.notice === this.#trouble) this.#become({ ...this.#state, notice: null });
    this.#trouble = null;
  }

  async #idle(): Promise<void> {
    const timer = this.#waitsForOthers() ? setTimeout(() => this.refresh(), this.#options.lookAgainMs ?? LOOK_AGAIN_MS) : undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    clearTimeout(timer);
  }

  /** Nothing is left for who sits here, though not all is answered. */
  #waitsForOthers(): boolean {
    const { counts, upcoming } = this.#state;
    return !this.#isResting && upcoming.length === 0 && counts !== null && counts.done < counts.total;
  }

  #become(state: SittingState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
