/** Says that old training checkpoints stayed because they could not be removed, while they are there, with the way to try again. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { RoundView } from "#app/contract/views.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { Note } from "../design/note.tsx";
import { useLab, useNews } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { GarbageDialog } from "../settings/disk-space.tsx";
import { Fill } from "../text/fill.tsx";
import { upkeepText } from "../text/upkeep.ts";

const text = upkeepText.notRemoved;

export function NotRemovedNote({ round }: { readonly round: RoundView | undefined }): ReactNode {
  const { queries, news } = useLab();
  const { notRemoved } = useNews();
  const [isOpen, setIsOpen] = useState(false);
  const counted = notRemoved?.count ?? round?.stages.reduce((sum, stage) => sum + (stage.counts[STAGE_COUNT.checkpointsNotRemoved] ?? 0), 0) ?? 0;
  // What was counted then may have been removed since; what has just been said stands.
  const garbage = useQuery({ ...queries.settings.garbage.queryOptions({ input: {} }), enabled: counted > 0 });
  const isThere = counted > 0 && (notRemoved !== null || (garbage.data?.items.length ?? 0) > 0);
  if (!isThere && !isOpen) return null;
  return (
    <>
      {isThere && (
        <Note kind="notice">
          <Fill text={text.note(counted)} values={{ reason: notRemoved === null ? "" : sentenceOf(notRemoved.message) }} />{" "}
          <button
            type="button"
            className="btn"
            onClick={() => {
              setIsOpen(true);
            }}
          >
            {text.look}
          </button>
        </Note>
      )}
      {isOpen && (
        <GarbageDialog
          onRemoved={() => {
            news.putAway();
          }}
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </>
  );
}
