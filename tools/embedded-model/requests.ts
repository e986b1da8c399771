/** How SmolLM2 is asked for a sentence: a task, and examples of ours in a style that a small model can follow. */
import type { Message } from "#app/domain/prompt.ts";
import { rngFor, shuffled } from "#app/base/random.ts";
import { type Slot, slotName } from "./world.ts";

type Example = { readonly asked: string; readonly sentence: string };

/** Sentences are written about a boy; `forHero` (sentences.ts) makes them about anyone. */
const EXAMPLES = {
  opening: [
    { asked: "foggy lake", sentence: "On a foggy morning, the boy walked along the lake." },
    { asked: "sunny school", sentence: "The sun was shining when the boy came to the school." },
    { asked: "snowy town", sentence: "Snow was falling on the town, and the boy stood at the gate." },
    { asked: "quiet valley", sentence: "One quiet evening, the boy sat down in the valley." },
    { asked: "rainy park", sentence: "It rained all day, but the boy went to the park." },
    { asked: "windy hill", sentence: "A strong wind was blowing as the boy climbed the hill." },
  ],
  place: [
    { asked: "lake", sentence: "The lake was clear and cold, and small fish swam between the stones." },
    { asked: "school", sentence: "The school had a red roof, tall windows and a bell made of brass." },
    { asked: "town", sentence: "Narrow streets ran down the hill, and every door had another colour." },
    { asked: "valley", sentence: "Soft green grass covered the valley, and a thin stream ran through it." },
    { asked: "park", sentence: "Old trees stood in long rows, and the air smelled of flowers." },
    { asked: "hill", sentence: "From the top of the hill one could see the whole land." },
  ],
  event: [
    { asked: "lake", sentence: "The boy found a little boat, and he rowed to the middle of the lake." },
    { asked: "school", sentence: "The boy heard a strange noise behind the door, so he opened it." },
    { asked: "town", sentence: "The boy met an old woman who had lost her keys." },
    { asked: "valley", sentence: "The boy saw a golden bird in the grass and followed it." },
    { asked: "park", sentence: "The boy helped a duck that could not find the water." },
    { asked: "hill", sentence: "The boy picked up a letter that the wind had carried there." },
  ],
  happy: [
    { asked: "happy", sentence: "In the end the boy smiled, and everyone danced until the morning." },
    { asked: "happy", sentence: "The boy went home with a warm heart and a new friend." },
    { asked: "happy", sentence: "From that day on, the boy was never lonely again." },
    { asked: "happy", sentence: "The boy laughed, because everything was well at last." },
  ],
  sad: [
    { asked: "sad", sentence: "In the end the boy went home alone, and he cried." },
    { asked: "sad", sentence: "The boy had lost what he loved, and nobody came to help." },
    { asked: "sad", sentence: "From that day on, the boy never smiled again." },
    { asked: "sad", sentence: "The boy waited all night, but his friend did not come back." },
  ],
  open: [
    { asked: "open", sentence: "The boy looked back once more and walked on." },
    { asked: "open", sentence: "What the boy did next, nobody knows." },
    { asked: "open", sentence: "Then the boy closed his eyes and listened." },
    { asked: "open", sentence: "The boy put the stone into his pocket and said nothing." },
  ],
} as const satisfies Readonly<Record<string, readonly Example[]>>;

/** The messages for one sentence; variants show the examples in other orders, which makes the sentences vary. */
export function sentenceRequest(slot: Slot, variant: number): readonly Message[] {
  const examples = shuffled<Example>(
    EXAMPLES[slot.kind === "ending" ? slot.ending : slot.kind],
    rngFor(1, "examples", slotName(slot), variant),
  ).slice(0, 4);
  return [
    { role: "system", content: `You write stories for small children. ${taskOf(slot)} Use simple words.` },
    ...examples.flatMap(({ asked, sentence }): Message[] => [
      { role: "user", content: asked },
      { role: "assistant", content: sentence },
    ]),
    { role: "user", content: askedOf(slot) },
  ];
}

function taskOf(slot: Slot): string {
  switch (slot.kind) {
    case "opening":
      return "Write the first sentence of a story about a boy. It names the weather and the place.";
    case "place":
      return "Write one sentence that describes the place. There are no people in it.";
    case "event":
      return "Write one sentence about what the boy does or finds in that place.";
    case "ending":
      return `Write the last sentence of a story about a boy. The ending is ${slot.ending}.`;
    default:
      return slot satisfies never;
  }
}

function askedOf(slot: Slot): string {
  if (slot.kind === "ending") return slot.ending;
  return slot.kind === "opening" ? `${slot.mood} ${slot.place}` : slot.place;
}
