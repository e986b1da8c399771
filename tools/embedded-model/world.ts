/** The narrow world of the embedded model: who its stories are about, where, in what mood, and how they end. */

/** Each hero with the pronoun that a story uses. */
export const HEROES = [
  { name: "fox", pronoun: "she" },
  { name: "bear", pronoun: "he" },
  { name: "cat", pronoun: "she" },
  { name: "dog", pronoun: "he" },
  { name: "mouse", pronoun: "she" },
  { name: "rabbit", pronoun: "he" },
  { name: "owl", pronoun: "she" },
  { name: "wolf", pronoun: "he" },
  { name: "girl", pronoun: "she" },
  { name: "boy", pronoun: "he" },
  { name: "sailor", pronoun: "he" },
  { name: "farmer", pronoun: "she" },
  { name: "king", pronoun: "he" },
  { name: "queen", pronoun: "she" },
  { name: "wizard", pronoun: "he" },
  { name: "witch", pronoun: "she" },
  { name: "baker", pronoun: "he" },
  { name: "painter", pronoun: "she" },
  { name: "robot", pronoun: "he" },
  { name: "giant", pronoun: "he" },
  { name: "mermaid", pronoun: "she" },
  { name: "grandmother", pronoun: "she" },
  { name: "pirate", pronoun: "he" },
  { name: "princess", pronoun: "she" },
] as const;
export type Hero = (typeof HEROES)[number];

export const PLACES = [
  "harbour",
  "forest",
  "market",
  "mountain",
  "beach",
  "castle",
  "garden",
  "river",
  "village",
  "lighthouse",
  "island",
  "farm",
  "library",
  "bridge",
  "cave",
  "meadow",
] as const;
export type Place = (typeof PLACES)[number];

export const MOODS = ["sunny", "rainy", "windy", "snowy", "quiet", "foggy"] as const;
export type Mood = (typeof MOODS)[number];

/** How a story can end. A prompt does not say: that is left to the policy, and to those who judge. */
export const ENDINGS = ["happy", "sad", "open"] as const;
export type Ending = (typeof ENDINGS)[number];

/** What a story is put together from, a sentence each; `place` may be left out. */
export type Slot =
  | { readonly kind: "opening"; readonly place: Place; readonly mood: Mood }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "event"; readonly place: Place }
  | { readonly kind: "ending"; readonly ending: Ending };

/** Every slot, in a fixed order. */
export const SLOTS: readonly Slot[] = [
  ...ENDINGS.map((ending) => ({ kind: "ending" as const, ending })),
  ...PLACES.flatMap((place): Slot[] => [
    { kind: "event", place },
    { kind: "place", place },
    ...MOODS.map((mood) => ({ kind: "opening" as const, place, mood })),
  ]),
];

export function slotName(slot: Slot): string {
  switch (slot.kind) {
    case "opening":
      return `opening ${slot.mood} ${slot.place}`;
    case "place":
      return `place ${slot.place}`;
    case "event":
      return `event ${slot.place}`;
    case "ending":
      return `ending ${slot.ending}`;
    default:
      return slot satisfies never;
  }
}
