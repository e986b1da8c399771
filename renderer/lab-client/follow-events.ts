/** Listens to the lab and keeps what the page has read up to date: by the event, or by reading again. */
import type { QueryClient } from "@tanstack/react-query";
import type { LabEvent } from "#app/contract/rounds.ts";
import { type MetricRow, NO_NEWS, type News, withMetricRows, withNews, withStage } from "./apply-event.ts";
import type { LabConnection } from "./lab-connection.ts";
import type { LabQueries } from "./lab-queries.ts";

/** A watch that ends while the connection stands (the lab dropped a slow reader) is begun anew after this. */
const WATCH_AGAIN_MS = 1000;
/** Training steps are told together this often. */
const TELL_STEPS_MS = 250;

export class LabNews {
  readonly #connection: LabConnection;
  readonly #queryClient: QueryClient;
  readonly #queries: LabQueries;
  readonly #listeners = new Set<() => void>();
  readonly #queueListeners = new Set<() => void>();
  readonly #abort = new AbortController();
  readonly #steps = new Map<number, readonly MetricRow[]>();
  #stepTimer: ReturnType<typeof setTimeout> | undefined;
  #news: News = NO_NEWS;

  constructor(connection: LabConnection, queryClient: QueryClient, queries: LabQueries) {
    this.#connection = connection;
    this.#queryClient = queryClient;
    this.#queries = queries;
    void this.#follow();
  }

  readonly news = (): News => this.#news;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Called when comparisons came, went or were answered. */
  readonly onQueueChanged = (listener: () => void): (() => void) => {
    this.#queueListeners.add(listener);
    return () => {
      this.#queueListeners.delete(listener);
    };
  };

  putAway(): void {
    this.#setNews(NO_NEWS);
  }

  close(): void {
    clearTimeout(this.#stepTimer);
    this.#abort.abort();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        const events = await this.#connection.client.rounds.watch(undefined, { signal });
        // What happened before the watch began is read.
        await this.#readAllAgain();
        for await (const event of events) this.#hear(event);
      } catch {
        // The connection is gone, or this page may not watch: the connection's own state tells the person.
      }
      await this.#untilOpen(signal);
    }
  }

  async #untilOpen(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const stopListening = this.#connection.subscribe(() => {
        if (this.#connection.isOpen()) finish();
      });
      const timer = this.#connection.isOpen() ? setTimeout(finish, WATCH_AGAIN_MS) : undefined;
      signal.addEventListener("abort", finish, { once: true });
      function finish(): void {
        clearTimeout(timer);
        stopListening();
        resolve();
      }
    });
  }

  async #readAllAgain(): Promise<void> {
    await this.#queryClient.invalidateQueries();
    for (const listener of this.#queueListeners) listener();
  }

  #hear(event: LabEvent): void {
    this.#setNews(withNews(this.#news, event));
    const { rounds, training, experiments, results, judgments } = this.#queries;
    switch (event.type) {
      case "stage.progressed":
      case "stage.changed":
        this.#queryClient.setQueryData(rounds.list.queryKey(), (known) =>
          known === undefined ? undefined : withStage(known, event.round, event.stage),
        );
        if (event.type === "stage.changed") {
          void this.#queryClient.invalidateQueries({ queryKey: rounds.key() });
          // Judges and scripts judge without a word to the queue.
          void this.#queryClient.invalidateQueries({ queryKey: judgments.facets.key() });
          if (event.stage.stage === "train") void this.#queryClient.invalidateQueries({ queryKey: training.key() });
        }
        return;
      case "training.stepped":
        this.#steps.set(event.round, [...(this.#steps.get(event.round) ?? []), { step: event.step, values: event.values }]);
        this.#stepTimer ??= setTimeout(() => {
          this.#tellSteps();
        }, TELL_STEPS_MS);
        return;
      case "training.changed":
        void this.#queryClient.invalidateQueries({ queryKey: training.run.key() });
        return;
      case "queue.changed":
        for (const listener of this.#queueListeners) listener();
        // What counts verdicts; of these, what no screen shows is only marked.
        for (const read of [judgments.facets, judgments.open, rounds.forecast, results.agreement]) {
          void this.#queryClient.invalidateQueries({ queryKey: read.key() });
        }
        return;
      case "settings.changed":
        void this.#queryClient.invalidateQueries({ queryKey: this.#queries.settings.key() });
        void this.#queryClient.invalidateQueries({ queryKey: rounds.key() });
        return;
      case "experiment.changed":
        void this.#queryClient.invalidateQueries({ queryKey: experiments.key() });
        void this.#queryClient.invalidateQueries({ queryKey: rounds.key() });
        return;
      case "comparison.progressed":
        void this.#queryClient.invalidateQueries({ queryKey: results.comparison.key() });
        return;
      case "results.changed":
        void this.#queryClient.invalidateQueries({ queryKey: results.key() });
        return;
      case "policy.progressed":
      case "engine.fellBack":
      case "judge.wentSilent":
      case "engine.died":
        return;
      case "checkpoints.notRemoved":
        void this.#queryClient.invalidateQueries({ queryKey: this.#queries.settings.garbage.key() });
        return;
      default:
        event satisfies never;
    }
  }

  /** The steps since the last time, at once: charts are drawn anew a few times a second, however quick the steps are. */
  #tellSteps(): void {
    this.#stepTimer = undefined;
    const { training } = this.#queries;
    for (const [round, rows] of this.#steps) {
      this.#queryClient.setQueryData(training.metrics.queryKey({ input: { round } }), (known) =>
        known === undefined ? undefined : withMetricRows(known, rows),
      );
    }
    this.#steps.clear();
    void this.#queryClient.invalidateQueries({ queryKey: training.run.key() });
  }

  #setNews(news: News): void {
    if (news === this.#news) return;
    this.#news = news;
    for (const listener of [...this.#listeners]) listener();
  }
}
