/** Step 2 in pure functions: which of SmolLM2's sentences are fit for a story, and how they are made about any hero. */
import { type Ending, type Hero, type Mood, type Place, PLACES, type Slot } from "./world.ts";

export type Written = { readonly text: string; readonly finishReason: string; readonly tokens: number; readonly logp: number };

/** Below this mean log-probability a token SmolLM2 itself finds its sentence odd: openings are the oddest. */
const MIN_MEAN_LOGP = { opening: -1.2, place: -1.6, event: -1.6, ending: -1.6 } as const;
const WORDS = { min: 5, max: 13 } as const;

export const MOOD_WORDS: Readonly<Record<Mood, RegExp>> = {
  sunny: /\b(sun|sunny|sunshine|sunlight|bright|warm)\b/iu,
  rainy: /\b(rain|rained|raining|rainy|wet)\b/iu,
  windy: /\b(wind|windy|breeze|blew|blowing)\b/iu,
  snowy: /\b(snow|snowy|snowed|snowing|snowflakes)\b/iu,
  quiet: /\b(quiet|quietly|silent|silence|still|calm)\b/iu,
  foggy: /\b(fog|foggy|mist|misty)\b/iu,
};

const ANY_MOOD =
  /^(sun|sunny|sunshine|bright|warm|rain|rained|raining|rainy|wet|wind|windy|breeze|blowing|snow|snowy|snowed|snowing|quiet|silent|calm|fog|foggy|mist|misty|shining|shone|falling|fell|fallen|blew)$/u;

const HAPPY =
  /\b(happy|happily|smile|smiled|smiling|laugh|laughed|joy|joyful|friends?|danced|sang|glad|proud|love|loved|hugged|warm|safe|wonderful)\b/iu;
const SAD = /\b(sad|sadly|cry|cried|crying|tears?|alone|lonely|lost|never|nobody|gone|empty|broken|sorry|missed)\b/iu;
const ENDING_FITS: Readonly<Record<Ending, (text: string) => boolean>> = {
  happy: (text) => HAPPY.test(text) && !/\bbut\b/iu.test(text) && !SAD.test(text.replace(/never (sad|lonely|alone|cried)/iu, "")),
  sad: (text) => SAD.test(text) && !/\bnot\b/iu.test(text) && !HAPPY.test(text.replace(/never (smiled|laughed|danced|sang)/iu, "")),
  // The stone is in an example: nobody knows of it in another story.
  open: (text) => !/\bstone\b/iu.test(text) && !HAPPY.test(text) && !SAD.test(text),
};

/** A sentence in letters, commas and apostrophes with one full stop; no quotes, numbers or names in capitals. */
const PLAIN = /^[A-Z][a-z' ,-]*[.!]$/u;
/** What would not fit children, another hero, or a person who tells the story. */
const UNFIT =
  /\b(i|i'm|me|my|you|your|we|our|us|girl|girls|boys|lady|woman|women|wife|husband|kiss|kissed|kill|killed|dead|death|die|died|blood|gun|drunk|naked|sex|god|jesus|bible|church|war|hate|hated|mom|mum|mommy|called|penis|butt|stupid|making|school|teacher|example|sentence|story|reader)\b/iu;
/** The wrong article before a vowel, or before none. */
const WRONG_ARTICLE = /\ba [aeio]|\ban [^aeiouh]/iu;
const PEOPLE = /\b(boy|he|she|his|her|him|man|men|people|child|children|they|their)\b/iu;

/** True where the sentence may stand in its slot. */
export function isFit(slot: Slot, { text, finishReason, tokens, logp }: Written): boolean {
  const wordCount = text.split(" ").length;
  if (finishReason === "length" || !PLAIN.test(text) || UNFIT.test(text) || WRONG_ARTICLE.test(text)) return false;
  if (wordCount < WORDS.min || wordCount > WORDS.max || logp / tokens < MIN_MEAN_LOGP[slot.kind] || hasEcho(text)) return false;
  switch (slot.kind) {
    case "opening":
      return (
        /\b(the|a|little|young) boy\b/iu.test(text) &&
        PLACES.every((place) => names(text, place) === (place === slot.place)) &&
        MOOD_WORDS[slot.mood].test(text)
      );
    case "place":
      return !PEOPLE.test(text) && names(text, slot.place);
    case "event":
      // A description begins otherwise: that is how one is told from the other.
      return /^The boy\b/u.test(text);
    case "ending":
      return /\bthe boy\b/iu.test(text) && ENDING_FITS[slot.ending](text);
    default:
      return slot satisfies never;
  }
}

function names(text: string, place: Place): boolean {
  return new RegExp(`\\b${place}\\b`, "u").test(text);
}

/** What is found in some places only. */
const BOUND =
  /\b(sea|ocean|ship|boat|water|fish|swim|swam|sail|whale|dolphin|shore|coast|tide|tree|woods?|hill|sand|wave|town|city|street|square|rock|top|climb|climbed|ladder|tower|field|flower|flowers|bench|books?|wall|grass|seagull|dock|rowed|ground|cross)/iu;

/** True for an event that could happen in any place. */
export function canHappenAnywhere(event: string): boolean {
  return !BOUND.test(event) && PLACES.every((place) => !event.includes(place));
}

/** Words of an opening that holds of any place, beside the place and the words for the weather. */
const ANYWHERE = new Set(
  "a an the one day morning evening afternoon night it was is in on and but as when so while strong cold hard brightly softly gently down all boy he his little young went walked came wandered ran hurried travelled strolled walking going to near through across around towards".split(
    " ",
  ),
);

/** An opening about one place as one about another; undefined where it says what may not hold there. */
export function retargeted(text: string, from: Place, to: Place): string | undefined {
  const found = new RegExp(`\\b(to|near|through|across|around|towards) the ([a-z]+ )?${from}\\b`, "u").exec(text);
  if (found === null || PLACES.some((other) => other !== from && names(text, other))) return undefined;
  const rest = (
    text
      .replace(from, "")
      .toLowerCase()
      .match(/[a-z]+/gu) ?? []
  ).filter((word) => !ANYWHERE.has(word));
  return rest.every((word) => ANY_MOOD.test(word)) ? text.replace(from, to) : undefined;
}

/** The boy, or the same word of four letters or more, twice: a small model that goes round in circles. */
function hasEcho(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]{4,}|boy/gu) ?? [];
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
