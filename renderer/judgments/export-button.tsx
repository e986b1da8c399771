/** Takes the judgments that are shown along as a CSV file: how far it is, and a way to stop it. */
import { Download } from "lucide-react";
import { type ReactNode, type Ref, useImperativeHandle, useRef, useState } from "react";
import type { JudgmentRow } from "#app/contract/judgments.ts";
import { Button } from "../design/button.tsx";
import { count } from "../design/format.ts";
import { saveBlob } from "../design/save-text.ts";
import { hasReason, type Why } from "../design/why.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { judgmentsText } from "../text/judgments.ts";
import { ledgerCsv } from "./export-ledger.ts";
import type { FetchPage } from "./ledger-pages.ts";

const text = judgmentsText.export;

export type ExportHandle = { readonly start: () => void };

export type ExportButtonProps = {
  readonly fetchPage: FetchPage<JudgmentRow>;
  readonly fileName: string;
  readonly why: Why;
  readonly handle: Ref<ExportHandle>;
};

export function ExportButton({ fetchPage, fileName, why, handle }: ExportButtonProps): ReactNode {
  const [progress, setProgress] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  const start = async (): Promise<void> => {
    if (running.current !== null || hasReason(why)) return;
    const controller = new AbortController();
    running.current = controller;
    setProblem(null);
    setProgress(text.reading);
    try {
      const parts = await ledgerCsv({
        fetchPage,
        signal: controller.signal,
        onProgress: (done, total) => {
          setProgress(text.progress(count(done), count(total)));
        },
      });
      saveBlob(fileName, new Blob(parts, { type: "text/csv" }));
    } catch (thrown) {
      if (!controller.signal.aborted) setProblem(sentenceOf(thrown));
    } finally {
      running.current = null;
      setProgress(null);
    }
  };
  useImperativeHandle(handle, () => ({ start: () => void start() }));
  if (progress !== null) {
    return (
      <span className="row small-text ink-2" role="status">
        {progress}
        <button
          type="button"
          className="btn quiet"
          onClick={() => {
            running.current?.abort();
          }}
        >
          {text.stop}
        </button>
      </span>
    );
  }
  return (
    <span className="row">
      {problem !== null && (
        <span className="small-text" role="alert">
          {problem}
        </span>
      )}
      <Button className="btn" why={why} onClick={() => void start()}>
        <Download className="icon" aria-hidden="true" /> {text.button}
      </Button>
    </span>
  );
}
