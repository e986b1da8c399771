/** Choosing a file or folder of the machine that the host runs on, inside the page: by mouse, by keyboard, by path. */
import { useQuery } from "@tanstack/react-query";
import { Box, CornerLeftUp, FileText, Folder, FolderCheck, House } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { FileUse, FolderListing } from "#app/contract/host.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { bytes } from "../design/format.ts";
import { useResting } from "../design/why.tsx";
import { useHost } from "../lab-client/host-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { fileText as text } from "../text/files.ts";
import "./files.css";

export type Wanted = "experiment" | "checkpoint" | "prompts" | "folder";

export type FileChooserProps = {
  readonly wanted: Wanted;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
};

const USES: Readonly<Record<Wanted, readonly FileUse[]>> = {
  experiment: ["experiment"],
  checkpoint: ["checkpoint", "adapter"],
  prompts: ["prompts"],
  folder: ["other", "checkpoint", "adapter"],
};

export function FileChooser({ wanted, onChoose, onClose }: FileChooserProps): ReactNode {
  const { connection, queries } = useHost();
  const [path, setPath] = useState<string | undefined>(undefined);
  const [typed, setTyped] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const listing = useQuery({
    ...queries.files.list.queryOptions({ input: path === undefined ? {} : { path } }),
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const folder = listing.data;
  const goTo = (next: string | undefined): void => {
    setPath(next);
    setTyped(null);
    setPicked(null);
  };
  const isFolderItself =
    folder !== undefined && isUsable(wanted, folder.use) && (wanted !== "folder" || !folder.entries.some((one) => one.path === picked));
  const choice = typed ?? picked ?? (isFolderItself ? folder.path : null);
  /** A typed path is looked into if it is a folder that cannot be used itself. */
  const decide = (path: string): void => {
    connection.client.files.list({ path }).then(
      (found) => {
        if (isUsable(wanted, found.use)) onChoose(found.path);
        else goTo(found.path);
      },
      // No folder: a file, or nothing; whoever opens it says what is wrong with it.
      () => {
        onChoose(path);
      },
    );
  };
  return (
    <Dialog title={text.titles[wanted]} isOpen onClose={onClose} width="44rem">
      <form
        className="file-chooser"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== null) decide(typed.trim());
          else if (choice !== null) onChoose(choice);
        }}
      >
        <p className="ink-2">{text.wanted[wanted]}</p>
        <div className="row">
          <button
            type="button"
            className="btn icon-only"
            aria-label={text.home}
            title={text.home}
            onClick={() => {
              goTo(undefined);
            }}
          >
            <House className="icon" aria-hidden="true" />
          </button>
          <Button
            className="btn icon-only"
            aria-label={text.up}
            title={folder?.parent == null ? undefined : text.up}
            why={folder === undefined ? text.whileReading : folder.parent === null && text.topmost}
            onClick={() => {
              goTo(folder?.parent ?? undefined);
            }}
          >
            <CornerLeftUp className="icon" aria-hidden="true" />
          </Button>
          <input
            className="field mono grow"
            aria-label={text.path}
            value={typed ?? picked ?? folder?.path ?? ""}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        </div>
        <Entries
          listing={folder}
          failure={listing.error}
          wanted={wanted}
          picked={picked}
          onEnter={goTo}
          onPick={(one) => {
            setPicked(one);
            setTyped(null);
          }}
          onTake={onChoose}
        />
        <div className="dialog-actions">
          <button type="button" className="btn large" onClick={onClose}>
            {text.cancel}
          </button>
          <Button type="submit" className="btn primary large" why={(choice === null || choice.trim() === "") && text.nothingChosen[wanted]}>
            {text.take[wanted]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type EntriesProps = {
  readonly listing: FolderListing | undefined;
  readonly failure: unknown;
  readonly wanted: Wanted;
  readonly picked: string | null;
  readonly onEnter: (path: string) => void;
  readonly onPick: (path: string) => void;
  readonly onTake: (path: string) => void;
};

function Entries({ listing, failure, wanted, picked, onEnter, onPick, onTake }: EntriesProps): ReactNode {
  if (failure !== null && failure !== undefined) {
    return (
      <p className="file-list message" role="alert">
        {text.unreadable(sentenceOf(failure))}
      </p>
    );
  }
  if (listing === undefined) {
    return (
      <p className="file-list message" role="status">
        {text.reading}
      </p>
    );
  }
  if (listing.entries.length === 0) return <p className="file-list message">{text.nothing}</p>;
  return (
    <>
      <ul className="file-list" aria-label={text.entries} tabIndex={0}>
        {listing.entries.map((entry) => (
          <Entry key={entry.path} entry={entry} wanted={wanted} isPicked={picked === entry.path} onEnter={onEnter} onPick={onPick} onTake={onTake} />
        ))}
      </ul>
      {listing.isCut && <p className="small-text ink-3">{text.isCut}</p>}
    </>
  );
}

type EntryProps = Pick<EntriesProps, "wanted" | "onEnter" | "onPick" | "onTake"> & {
  readonly entry: FolderListing["entries"][number];
  readonly isPicked: boolean;
};

/** What is of no use here rests, and Tab passes over it: a folder may be full of such files. */
function Entry({ entry, wanted, isPicked, onEnter, onPick, onTake }: EntryProps): ReactNode {
  const canTake = isUsable(wanted, entry.use);
  const { field, reason } = useResting(!entry.isFolder && !canTake && text.ofNoUse[wanted]);
  return (
    <li>
      <button
        type="button"
        className={isPicked ? "file-row picked" : "file-row"}
        aria-pressed={canTake ? isPicked : undefined}
        {...field}
        onClick={() => {
          // A click picks what can be used and looks into what cannot; a second click decides.
          if (canTake && wanted !== "folder" && !isPicked) onPick(entry.path);
          else if (canTake && wanted !== "folder") onTake(entry.path);
          else onEnter(entry.path);
        }}
      >
        <EntryIcon isFolder={entry.isFolder} use={entry.use} />
        <span className="cut">{entry.name}</span>
        <span className="ink-3 small-text">{text.uses[entry.use]}</span>
        <span className="ink-3 small-text figures size">{entry.sizeBytes === null ? "" : bytes(entry.sizeBytes)}</span>
      </button>
      {reason}
    </li>
  );
}

function EntryIcon({ isFolder, use }: { readonly isFolder: boolean; readonly use: FileUse }): ReactNode {
  const Icon = use === "checkpoint" || use === "adapter" ? Box : use === "experiment" ? FolderCheck : isFolder ? Folder : FileText;
  return <Icon className="icon" aria-hidden="true" />;
}

function isUsable(wanted: Wanted, use: FileUse): boolean {
  return USES[wanted].includes(use);
}
