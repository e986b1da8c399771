/** Step 3 in pure functions: prompts, which of them are held out, and stories put together from sentences. */
import { type Rng, rngFor, seedFor, shuffled } from "#app/base/random.ts";
import type { Split } from "#app/domain/prompt.ts";
import { canHappenAnywhere, forHero, retargeted } from "./sentences.ts";
import { type Ending, ENDINGS, type Hero, HEROES, type Mood, MOODS, type Place, PLACES, type Slot, slotName } from "./world.ts";

/** What a prompt asks for. */
export type Wish = { readonly hero: Hero; readonly place: Place; readonly mood: Mood };

export type Story = {
  readonly prompt: string;
  readonly split: Split;
  readonly story: string;
  readonly ending: Ending;
  readonly describesPlace: boolean;
};

/** Sentences by the name of their slot. */
export type Pool = Readonly<Record<string, readonly string[]>>;

/** The place is described in so many of the stories. */
const PLACE_SHARE = 0.5;
/** In so many the event is drawn from all that could happen anywhere, and from the place's own. */
const ELSEWHERE_SHARE = 0.5;
const SEED = 20261125;

export function promptOf({ hero, place, mood }: Wish): string {
  return `${withArticle(hero.name, "A")}, ${withArticle(place)}, a ${mood} day.`;
}

function withArticle(noun: string, article: "a" | "A" = "a"): string {
  return `${article}${/^[aeiou]/u.test(noun) ? "n" : ""} ${noun}`;
}

/** All prompts of the world, in a fixed order. */
export function allWishes(): readonly Wish[] {
  return HEROES.flatMap((hero) => PLACES.flatMap((place) => MOODS.map((mood) => ({ hero, place, mood }))));
}

/** Four prompts in 23 are held out, about 200 for each split: no story of training answers them. */
export function splitOf(wish: Wish): Split {
  const draw = seedFor(SEED, "split", promptOf(wish)) % 23;
  if (draw < 2) return "validation";
  return draw < 4 ? "test" : "training";
}

/** Openings written for the place, and those written elsewhere that hold of any place. */
function openingsFor(pool: Pool, { place, mood }: Wish): readonly string[] {
  const elsewhere = PLACES.flatMap((other) => (pool[slotName({ kind: "opening", place: other, mood })] ?? []).map((text) => ({ text, other })));
  return [...new Set(elsewhere.flatMap(({ text, other }) => (other === place ? [text] : (retargeted(text, other, place) ?? []))))].sort();
}

/** So many stories to each prompt; equal arguments give equal stories, and no two stories are the same. */
export function composeStories(pool: Pool, perPrompt: number): readonly Story[] {
  const seen = new Set<string>();
  return allWishes().flatMap((wish) => {
    const prompt = promptOf(wish);
    const openings = openingsFor(pool, wish);
    return Array.from({ length: perPrompt }, (_, number) => {
      const made = compose(pool, wish, openings, rngFor(SEED, "story", prompt, number));
      return { prompt, split: splitOf(wish), ...made };
    }).filter(({ story }) => seen.size < seen.add(story).size);
  });
}

function compose(pool: Pool, { hero, place }: Wish, openings: readonly string[], rng: Rng): Omit<Story, "prompt" | "split"> {
  // A fox that meets a fox would puzzle a reader.
  const own = new RegExp(`\\b${hero.name}\\b`, "u");
  const from = (slots: readonly Slot[]): string => {
    const fitting = slots
      .flatMap((slot) => (pool[slotName(slot)] ?? []).filter((text) => slot.kind !== "event" || slot.place === place || canHappenAnywhere(text)))
      .filter((text) => hero.name === "boy" || !own.test(text));
    return drawn(fitting, slots.map(slotName).join(", "), rng);
  };
  const ending = ENDINGS[rng.below(ENDINGS.length)] ?? "open";
  const describesPlace = rng.next() < PLACE_SHARE;
  const sentences = [
    drawn(openings, `opening ${place}`, rng),
    ...(describesPlace ? [from([{ kind: "place", place }])] : []),
    from(rng.next() < ELSEWHERE_SHARE ? PLACES.map((other) => ({ kind: "event", place: other })) : [{ kind: "event", place }]),
    from([{ kind: "ending", ending }]),
  ];
  return { story: sentences.map((sentence) => forHero(sentence, hero)).join(" "), ending, describesPlace };
}

function drawn(sentences: readonly string[], slot: string, rng: Rng): string {
  const sentence = sentences[rng.below(sentences.length)];
  if (sentence === undefined) throw new Error(`expected sentences for ${slot}, got none: write more (step 1)`);
  return sentence;
}

/** As many of each split as are asked for, in an order that mixes heroes and places. */
export function somePrompts(split: Split, count: number): readonly string[] {
  const prompts = allWishes()
    .filter((wish) => splitOf(wish) === split)
    .map(promptOf);
  return shuffled(prompts, rngFor(SEED, "prompts", split)).slice(0, count);
}

export function sentencesOf(story: string): readonly string[] {
  return story.match(/[^.!]+(?:[.!]|$)/gu)?.map((sentence) => sentence.trim()) ?? [];
}
