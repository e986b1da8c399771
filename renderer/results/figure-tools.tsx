/** The tools at a figure's head: save it as SVG, PNG or CSV. */
import { Menu } from "@mantine/core";
import { Download } from "lucide-react";
import { type ReactNode, type RefObject, useState } from "react";
import { type ResultTable, toCsv } from "#app/contract/result-tables.ts";
import { saveText } from "../design/save-text.ts";
import { resultsText } from "../text/results.ts";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { FailedExport } from "./export-menu.tsx";
import { type Drawing, drawingsIn, savePng, standaloneSvg } from "./save-file.ts";

export type FigureToolsProps = {
  readonly title: string;
  readonly fileName: string;
  readonly table: Pick<ResultTable, "columns" | "rows">;
  /** Holds the drawings; a figure that is a table alone has none. */
  readonly drawing?: RefObject<HTMLElement | null>;
  readonly children?: ReactNode;
};

export function FigureTools({ title, fileName, table, drawing, children }: FigureToolsProps): ReactNode {
  const text = resultsText.export;
  const [failure, setFailure] = useState<string | null>(null);
  const withDrawings = (use: (drawings: readonly Drawing[]) => void) => () => {
    const host = drawing?.current;
    if (host != null) use(drawingsIn(host));
  };
  return (
    <div className="figure-tools">
      {children}
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} classNames={{ dropdown: "menu", item: "menu-item" }}>
        <Menu.Target>
          <button type="button" className="btn quiet" aria-label={text.saveWhat(title)}>
            <Download className="icon" aria-hidden="true" />
            {text.save}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {drawing !== undefined && (
            <>
              <Menu.Item
                onClick={withDrawings((drawings) => {
                  saveText(`${fileName}.svg`, "image/svg+xml", standaloneSvg(drawings).text);
                })}
              >
                {text.fileSvg}
              </Menu.Item>
              <Menu.Item
                onClick={withDrawings((drawings) => {
                  savePng(`${fileName}.png`, drawings).catch((thrown: unknown) => {
                    setFailure(sentenceOf(thrown));
                  });
                })}
              >
                {text.filePng}
              </Menu.Item>
            </>
          )}
          <Menu.Item
            onClick={() => {
              saveText(`${fileName}.csv`, "text/csv", toCsv(table));
            }}
          >
            {text.fileCsv}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {failure !== null && (
        <FailedExport
          what={text.saveWhat(title)}
          reason={failure}
          onClose={() => {
            setFailure(null);
          }}
        />
      )}
    </div>
  );
}
