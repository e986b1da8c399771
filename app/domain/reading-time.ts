/** How long reading takes at least: what is answered faster cannot have been read. */

/** Characters a second of a very quick reader (about 700 words a minute, six characters a word). */
const QUICK_CHARACTERS_PER_SECOND = 70;
/** Nobody need read on when the difference is plain: so much of the two is enough. */
const ENOUGH_CHARACTERS = 2000;

/** Milliseconds in which both responses can hardly be read; 0 for two that are taken in at a glance. */
export function leastReadingMs(characters: number): number {
  const toRead = Math.min(characters, ENOUGH_CHARACTERS);
  return toRead < 2 * QUICK_CHARACTERS_PER_SECOND ? 0 : (1000 * toRead) / QUICK_CHARACTERS_PER_SECOND / 2;
}
