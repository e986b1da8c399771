/** What a training run carries from step to step, all of it: saved and read back, the next step is the same to the bit. */
import { DataError } from "#app/base/errors.ts";
import type { AdapterFactors } from "#app/models/adapter.ts";
import type { References } from "#app/training/references.ts";

/** What each step changes. */
export type TrainedNumbers = {
  readonly factors: Map<string, Float32Array>;
  readonly firstMoments: Map<string, Float32Array>;
  readonly secondMoments: Map<string, Float32Array>;
};

export type TrainingState = TrainedNumbers & {
  /** Steps that are done. */
  step: number;
  readonly references: References;
};

/** A state's numbers under flat names, for a file of tensors. */
export type NamedTensors = ReadonlyMap<string, Float32Array>;

export function startState(factors: AdapterFactors, references: References): TrainingState {
  const zeros = () => new Map([...factors].map(([name, numbers]) => [name, new Float32Array(numbers.length)]));
  // Copies: the policy of the round stays as it is.
  return {
    step: 0,
    factors: new Map([...factors].map(([name, numbers]) => [name, numbers.slice()])),
    firstMoments: zeros(),
    secondMoments: zeros(),
    references,
  };
}

const MOMENTS = { first: "first_moment:", second: "second_moment:" } as const;
/** Names in a file of tensors. */
const REFERENCES = { roundPolicy: "reference:", firstPolicy: "first_reference:", mismatched: "mismatched_reference:" } as const;
const REFERENCE_NAMES = ["roundPolicy", "firstPolicy", "mismatched"] as const;

export function stateTensors(state: TrainingState): NamedTensors {
  const prefixed = (prefix: string, numbers: ReadonlyMap<string, Float32Array>) =>
    [...numbers].map(([name, values]) => [prefix + name, values] as const);
  return new Map([
    ...state.factors,
    ...prefixed(MOMENTS.first, state.firstMoments),
    ...prefixed(MOMENTS.second, state.secondMoments),
    ...REFERENCE_NAMES.flatMap((name) => {
      const reference = state.references[name];
      return reference === undefined ? [] : prefixed(REFERENCES[name], new Map(Object.entries(reference)));
    }),
  ]);
}

/** Throws DataError where a factor is missing or of another size than `expected` says. */
export function factorsFromTensors(step: number, tensors: NamedTensors, expected: AdapterFactors): AdapterFactors {
  return new Map([...expected].map(([name, numbers]) => [name, takeTensor(step, tensors, name, numbers.length)]));
}

function takeTensor(step: number, tensors: NamedTensors, name: string, length: number): Float32Array {
  const found = tensors.get(name);
  if (found?.length !== length)
    throw new DataError(`training checkpoint at step ${step}: expected ${length} numbers for ${name}, got ${found?.length ?? "none"}`);
  return found;
}

/** Throws DataError where a tensor is missing or of another size than `factors` says; references are those that are there. */
export function stateFromTensors(step: number, tensors: NamedTensors, factors: AdapterFactors, pairCount: number): TrainingState {
  const take = (name: string, length: number): Float32Array => takeTensor(step, tensors, name, length);
  const takeAll = (prefix: string) => new Map([...factors].map(([name, numbers]) => [name, take(prefix + name, numbers.length)]));
  return {
    step,
    factors: takeAll(""),
    firstMoments: takeAll(MOMENTS.first),
    secondMoments: takeAll(MOMENTS.second),
    references: Object.fromEntries(
      REFERENCE_NAMES.filter((name) => tensors.has(`${REFERENCES[name]}chosen`)).map((name) => {
        const prefix = REFERENCES[name];
        return [name, { chosen: take(`${prefix}chosen`, pairCount), rejected: take(`${prefix}rejected`, pairCount) }];
      }),
    ),
  };
}
