/** The demo's oracles: scripts that prefer what many people would, one whose preferences go round, and one that guesses. */
import type { DemoOracle } from "#app/contract/host.ts";
import type { ScriptedOracle } from "#app/domain/oracle.ts";
import { HEROES } from "./world.ts";

const HAPPY_WORDS =
  "happy|happily|smiles?|smiled|smiling|laugh|laughed|laughing|laughter|joy|joyful|delight|enjoyed|danced|sang|glad|proud|love|loved|hugged|warm|safe|wonderful";
const SAD_WORDS = "sad|sadly|cry|cried|crying|tears?|alone|lonely|lost|never|gone|empty|broken|sorry|missed";
const LAST_SENTENCE = "[^.!]+[.!]$";

/** The last sentence has a happy word and no sad one. */
const HAPPY_ENDING = `[.!] (?=[^.!]*\\b(?:${HAPPY_WORDS})\\b)(?![^.!]*\\b(?:${SAD_WORDS})\\b)${LAST_SENTENCE}`;
const SAD_ENDING = `[.!] (?=[^.!]*\\b(?:${SAD_WORDS})\\b)${LAST_SENTENCE}`;
/** The second sentence is not about the hero, and the story goes on after it. */
const PLACE_DESCRIBED = `^[^.!]+[.!] (?!The (?:${HEROES.map(({ name }) => name).join("|")})\\b)[^.!]+[.!] [A-Z]`;

export const DEMO_ORACLES = {
  "happy-ending": { kind: "regex", pattern: HAPPY_ENDING, flags: "u", prefer: "more", noise: 0 },
  "place-described": { kind: "regex", pattern: PLACE_DESCRIBED, flags: "u", prefer: "more", noise: 0 },
  /** Happy beats open, open beats sad, sad beats happy: no policy is best. */
  cycle: {
    kind: "preferenceMatrix",
    classes: [
      { name: "happy", pattern: HAPPY_ENDING },
      { name: "sad", pattern: SAD_ENDING },
      { name: "open", pattern: "" },
    ],
    matrix: [
      [0.5, 0, 1],
      [1, 0.5, 0],
      [0, 1, 0.5],
    ],
    noise: 0,
  },
  /** Whatever the stories are: each answer is drawn evenly. */
  random: { kind: "regex", pattern: HAPPY_ENDING, flags: "u", prefer: "more", noise: 1 },
} as const satisfies Readonly<Record<DemoOracle, ScriptedOracle>>;
