/** Step 2 in pure functions: which of SmolLM2's sentences are fit for a story, and how they are made about any hero. */
import type { Ending, Hero, Mood, Slot } from "./world.ts";

export type Written = { readonly text: string; readonly finishReason: string; readonly tokens: number; readonly logp: number };

/** Below this mean log-probability a token SmolLM2 itself finds its sentence odd. */
const MIN_MEAN_LOGP = -2.2;
const WORDS = { min: 5, max: 20 } as const;

const MOOD_WORDS: Readonly<Record<Mood, RegExp>> = {
  sunny: /\b(sun|sunny|sunshine|sunlight|bright|warm)\b/iu,
  rainy: /\b(rain|rained|raining|rainy|wet)\b/iu,
  windy: /\b(wind|windy|breeze|blew|blowing)\b/iu,
  snowy: /\b(snow|snowy|snowed|snowing|snowflakes)\b/iu,
  quiet: /\b(quiet|quietly|silent|silence|still|calm)\b/iu,
  foggy: /\b(fog|foggy|mist|misty)\b/iu,
};

const HAPPY =
  /\b(happy|happily|smile|smiled|smiling|laugh|laughed|joy|joyful|friends?|danced|sang|glad|proud|love|loved|hugged|warm|safe|wonderful)\b/iu;
const SAD = /\b(sad|sadly|cry|cried|crying|tears?|alone|lonely|lost|never|nobody|gone|empty|broken|sorry|missed)\b/iu;
const ENDING_FITS: Readonly<Record<Ending, (text: string) => boolean>> = {
  happy: (text) => HAPPY.test(text) && !SAD.test(text.replace(/never (sad|lonely|alone|cried)/iu, "")),
  sad: (text) => SAD.test(text) && !HAPPY.test(text.replace(/never (smiled|laughed|danced|sang)/iu, "")),
  open: (text) => !HAPPY.test(text) && !SAD.test(text),
};

/** A sentence in letters, commas and apostrophes with one full stop; no quotes, numbers or names in capitals. */
const PLAIN = /^[A-Z][a-z' ,-]*[.!]$/u;
/** What would not fit children, another hero, or a person who tells the story. */
const UNFIT =
  /\b(i|i'm|me|my|you|your|we|our|us|girl|girls|boys|lady|woman|women|wife|husband|kiss|kissed|kill|killed|dead|death|die|died|blood|gun|drunk|naked|sex|god|jesus|bible|church|war|hate|hated|penis|butt|stupid|making|school|teacher|example|sentence|story|reader)\b/iu;
const PEOPLE = /\b(boy|he|she|his|her|him|man|men|people|child|children|they|their)\b/iu;

/** True where the sentence may stand in its slot. */
export function isFit(slot: Slot, { text, finishReason, tokens, logp }: Written): boolean {
  const wordCount = text.split(" ").length;
  if (finishReason === "length" || !PLAIN.test(text) || UNFIT.test(text)) return false;
  if (wordCount < WORDS.min || wordCount > WORDS.max || logp / tokens < MIN_MEAN_LOGP || hasEcho(text)) return false;
  switch (slot.kind) {
    case "opening":
      return /\b(the|a|little|young) boy\b/iu.test(text) && new RegExp(`\\b${slot.place}\\b`, "u").test(text) && MOOD_WORDS[slot.mood].test(text);
    case "place":
      return !PEOPLE.test(text);
    case "event":
      return /^(The|One day,? the|Then,? the|Suddenly,? the) boy\b/u.test(text);
    case "ending":
      return /\bthe boy\b/iu.test(text) && ENDING_FITS[slot.ending](text);
    default:
      return slot satisfies never;
  }
}

/** The same word of four letters or more twice: a small model that goes round in circles. */
function hasEcho(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]{4,}/gu) ?? [];
  return new Set(words).size < words.length;
}

const FEMALE: Readonly<Record<string, string>> = { he: "she", him: "her", his: "her", himself: "herself" };

/** A sentence about the boy as one about a hero: "A boy" becomes "An owl", "his" becomes "her". */
export function forHero(text: string, hero: Hero): string {
  const named = text.replace(/\b(a|an)( little| young| small)? boy\b/giu, (_, article: string, adjective: string | undefined) => {
    const noun = `${adjective?.trimStart() ?? ""} ${hero.name}`.trim();
    return `${article.startsWith("A") ? "A" : "a"}${/^[aeiou]/u.test(noun) ? "n" : ""} ${noun}`;
  });
  const about = named.replace(/\bboy\b/gu, hero.name);
  if (hero.pronoun === "he") return about;
  return about.replace(/\b(he|him|his|himself)\b/giu, (word) => {
    const changed = FEMALE[word.toLowerCase()] ?? word;
    return /^[A-Z]/u.test(word) ? changed.charAt(0).toUpperCase() + changed.slice(1) : changed;
  });
}
