/** What can be taken from the results: a report for a colleague, each table as CSV, and the data for other tools. */
import { Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { type ReactNode, useState } from "react";
import { resultTables, toCsv } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Note } from "../design/note.tsx";
import { saveText } from "../design/save-text.ts";
import type { Why } from "../design/why.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { dataExportText } from "../text/data-export.ts";
import { resultsText } from "../text/results.ts";
import { DataExportDialog } from "./data-export-dialog.tsx";

const text = resultsText.export;

export type ExportMenuProps = {
  /** Null where nothing has been measured. */
  readonly results: ResultOverview | null;
  /** The experiment's. */
  readonly name: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  /** Why there is nothing to be taken. */
  readonly why: Why;
};

export function ExportMenu({ results, name, isOpen, onOpen, why }: ExportMenuProps): ReactNode {
  const { queries } = useLab();
  const fileName = name.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "results";
  const report = useMutation(
    queries.results.report.mutationOptions({
      onSuccess: ({ html }) => {
        saveText(`${fileName}-report.html`, "text/html", html);
      },
    }),
  );
  const [isWriting, setIsWriting] = useState(false);
  return (
    <>
      <Menu
        opened={isOpen && results !== null}
        onChange={onOpen}
        position="bottom-end"
        transitionProps={{ duration: 0 }}
        classNames={{ dropdown: "menu", item: "menu-item" }}
      >
        <Menu.Target>
          <Button className="btn" busy={report.isPending} doing={text.making} why={why}>
            <Download className="icon" aria-hidden="true" />
            {text.button}
          </Button>
        </Menu.Target>
        {results !== null && (
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => {
                report.mutate({ split: results.split });
              }}
            >
              {text.report}
            </Menu.Item>
            {resultTables(results).map((table) => (
              <Menu.Item
                key={table.id}
                onClick={() => {
                  saveText(`${fileName}-${table.id}.csv`, "text/csv", toCsv(table));
                }}
              >
                {text.csv(table.title)}
              </Menu.Item>
            ))}
            <Menu.Item
              onClick={() => {
                setIsWriting(true);
              }}
            >
              {dataExportText.open}
            </Menu.Item>
          </Menu.Dropdown>
        )}
      </Menu>
      {report.error !== null && (
        <FailedExport
          what={text.report}
          reason={sentenceOf(report.error)}
          onClose={() => {
            report.reset();
          }}
        />
      )}
      {isWriting && (
        <DataExportDialog
          fileName={fileName}
          onClose={() => {
            setIsWriting(false);
          }}
        />
      )}
    </>
  );
}

type FailedExportProps = { readonly what: string; readonly reason: string; readonly onClose: () => void };

/** Over the page: the menu that asked for the file is closed by then. */
export function FailedExport({ what, reason, onClose }: FailedExportProps): ReactNode {
  return (
    <Dialog title={text.failed} isOpen onClose={onClose} width="28rem">
      <Note kind="error">
        <b>{what}</b> {reason}
      </Note>
      <div className="dialog-actions">
        <button type="button" className="btn" onClick={onClose} data-autofocus>
          {text.close}
        </button>
      </div>
    </Dialog>
  );
}
