/** Asks for a file or folder: by the system's own dialog where the host has one, else inside the page. */
import { type ReactNode, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useHost } from "../lab-client/host-context.tsx";
import { FileChooser, type Wanted } from "./file-chooser.tsx";

export type FileQuestion = {
  readonly ask: () => void;
  /** To be drawn by whoever asks; nothing while nobody does. */
  readonly dialog: ReactNode;
};

export function useChooseFile(wanted: Wanted, onChoose: (path: string) => void): FileQuestion {
  const { connection, queries } = useHost();
  const hasDialogs = useQuery(queries.about.queryOptions({ input: {} })).data?.hasDialogs ?? false;
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => {
    setIsOpen(false);
  };
  return {
    ask: () => {
      if (!hasDialogs) {
        setIsOpen(true);
        return;
      }
      connection.client.files.choose({ what: wanted }).then(
        (path) => {
          if (path !== null) onChoose(path);
        },
        // A dialog that fails leaves the page's own.
        () => {
          setIsOpen(true);
        },
      );
    },
    dialog: isOpen ? (
      <FileChooser
        wanted={wanted}
        onClose={close}
        onChoose={(path) => {
          close();
          onChoose(path);
        }}
      />
    ) : null,
  };
}
