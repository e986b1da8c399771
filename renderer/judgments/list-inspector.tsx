/** A scored list opened: the prompt, each response with its score, the raw reply, what it took and cost. */
import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { AskView } from "#app/contract/asks.ts";
import { LongText } from "../annotate/long-text.tsx";
import { ResponseText } from "../annotate/response-text.tsx";
import { duration } from "../design/format.ts";
import { IconButton } from "../design/icon-button.tsx";
import { judgmentsText } from "../text/judgments.ts";
import { money } from "./money.ts";

const { inspector: words, lists: text } = judgmentsText;

export function ListInspector({ detail, onClose }: { readonly detail: AskView; readonly onClose: () => void }): ReactNode {
  const { oracle, round, shown, messages, rawReply } = detail;
  return (
    <aside className="inspector" aria-label={text.label}>
      <div className="inspector-read" tabIndex={0} role="region" aria-label={text.label}>
        <div className="inspector-head">
          <span className="small-text ink-3">{judgmentsText.round(round)}</span>
          <IconButton label={words.close} onClick={onClose}>
            <X className="icon" aria-hidden="true" />
          </IconButton>
        </div>
        <h2 className="inspector-claim">{detail.outcome === "failed" ? text.failedClaim(oracle) : text.claim(oracle, shown.length)}</h2>
        <p className="ink-2">{text.rule}</p>
        <div className="paper" dir="auto" role="region" aria-label={words.prompt} tabIndex={0}>
          {messages.map((message, i) => (
            // Messages have no ids and never move.
            <p key={i} className={i < messages.length - 1 ? "ink-3" : ""}>
              <LongText text={message.content} />
            </p>
          ))}
        </div>
        {shown.map((response, i) => (
          <section className="paper response scored" key={response.responseId} aria-label={text.place(i + 1)} tabIndex={0}>
            <p className="small-text">
              <b>{text.place(i + 1)}</b> <span className="ink-3">{response.policy ?? response.source}</span>
              <span className="score figures">{response.score === null ? text.noScore : text.score(response.score)}</span>
            </p>
            <div className="column">
              <ResponseText text={response.text} />
            </div>
          </section>
        ))}
        <h3>{words.raw}</h3>
        <p className="small-text ink-3">{factsOf(detail)}</p>
        {rawReply === null ? (
          <p className="small-text ink-3">{words.noRaw}</p>
        ) : (
          <pre className="paper raw" tabIndex={0}>
            <LongText text={rawReply} />
          </pre>
        )}
      </div>
    </aside>
  );
}

function factsOf({ oracle, templateVersion, promptTokens, replyTokens, durationMs, costUsd }: AskView): string {
  return [
    oracle,
    templateVersion,
    promptTokens !== null && replyTokens !== null ? words.tokens(promptTokens, replyTokens) : null,
    durationMs === null ? null : duration(durationMs),
    costUsd === null ? null : money(costUsd),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
