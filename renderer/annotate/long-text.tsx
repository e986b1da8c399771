/** Text letter by letter; a very long one in pieces that the browser lays out only when they come into sight. */
import type { ReactNode } from "react";
import { inPieces, withVisibleControls } from "./plain-text.ts";

const PIECE_LENGTH = 4000;

export function LongText({ text }: { readonly text: string }): ReactNode {
  const visible = withVisibleControls(text);
  if (visible.length <= 2 * PIECE_LENGTH) return visible;
  return inPieces(visible, PIECE_LENGTH).map((piece, i) => (
    // Pieces have no ids and never move.
    <span className="piece" key={i}>
      {piece}
    </span>
  ));
}
