/** A lab without an engine or a database: the contract in memory, for tests of the page that no real run could time. */
import { implementedRouter } from "./fake-router.ts";
import type { LabEvent } from "#app/contract/rounds.ts";
import type { ExperimentView } from "#app/contract/views.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { createEventBus } from "#main/lab/events.ts";
import type { LabRouter } from "#main/lab/lab.ts";
import { createFakeQueue, type FakeComparison, type FakeQueue } from "./fake-queue.ts";
import { FakeRounds } from "./fake-rounds.ts";

export type FakeLab = {
  readonly router: LabRouter;
  readonly queue: FakeQueue;
  readonly rounds: FakeRounds;
  publish(event: LabEvent): void;
};

export type FakeLabOptions = {
  readonly comparisons?: readonly FakeComparison[];
  readonly guidelines?: string;
  readonly experiment?: Partial<ExperimentView> | null;
  /** A newer version of the lab wrote the experiment. */
  readonly newer?: { readonly schema: number; readonly known: number; readonly sentence: string };
};

export function createFakeLab(options: FakeLabOptions = {}): FakeLab {
  const bus = createEventBus();
  const comparisons = options.comparisons ?? [];
  const queue = createFakeQueue(comparisons, options.guidelines ?? "", () => {
    bus.publish({ type: "queue.changed" });
    rounds.peopleChanged();
  });
  const rounds = new FakeRounds({
    totals: { sample: 120, judge: comparisons.length, pair: 44, train: 60, evaluate: 80 },
    openComparisons: () => queue.open(),
    publish: (event) => {
      bus.publish(event);
    },
  });
  const experiment = (): ExperimentView | null =>
    options.experiment === null ? null : { ...EXPERIMENT, roundCount: rounds.rounds.length, ...options.experiment };
  return {
    router: implementedRouter({ queue, rounds, experiment, newer: options.newer ?? null, watch: (signal) => bus.subscribe(signal) }),
    queue,
    rounds,
    publish: (event) => {
      bus.publish(event);
    },
  };
}

const EXPERIMENT: ExperimentView = {
  id: "0190a000-0000-7000-8000-000000000001",
  name: "short-replies",
  folder: "/home/ada/experiments/short-replies",
  config: experimentConfigSchema.parse({}),
  prompts: { training: 60, validation: 40, test: 20 },
  policies: [
    {
      id: "policy-0",
      name: "SmolLM2-135M",
      parent: null,
      checkpointPath: "/home/ada/models/SmolLM2-135M",
      checkpointHash: "0f",
      adapterHash: null,
      family: "llama",
      parameterCount: 134_515_008,
      roundNumber: null,
      createdAtMs: 1_764_000_000_000,
    },
  ],
  roundCount: 0,
};
