/** One judgment opened: prompt, responses, all that was said of the two, and what can be done about it. */
import { ArrowDown, ArrowUp, X } from "lucide-react";
import type { ReactNode } from "react";
import type { JudgmentDetail, JudgmentRow, Opinion } from "#app/contract/judgments.ts";
import { ResponseText } from "../annotate/response-text.tsx";
import { LongText } from "../annotate/long-text.tsx";
import { withVisibleControls } from "../annotate/plain-text.ts";
import { duration } from "../design/format.ts";
import { IconButton } from "../design/icon-button.tsx";
import { judgmentsText } from "../text/judgments.ts";
import { KindIcon } from "./ledger-table.tsx";
import { money } from "./money.ts";
import { VerdictGlyph } from "./verdict-glyph.tsx";

const text = judgmentsText.inspector;

export type InspectorProps = {
  readonly detail: JudgmentDetail;
  readonly place: string;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

export function Inspector({ detail, place, onStep, onClose, children }: InspectorProps): ReactNode {
  const opened = detail.opinions.find((one) => one.judgment.id === detail.id);
  return (
    <aside className="inspector" aria-label={text.label} data-open={detail.id}>
      <div className="inspector-read" tabIndex={0} role="region" aria-label={text.label}>
        <div className="inspector-head">
          <span className="small-text ink-3">{place}</span>
          <span className="row">
            <IconButton label={text.previous} onClick={() => onStep(-1)}>
              <ArrowUp className="icon" aria-hidden="true" />
            </IconButton>
            <IconButton label={text.next} onClick={() => onStep(1)}>
              <ArrowDown className="icon" aria-hidden="true" />
            </IconButton>
            <IconButton label={text.close} onClick={onClose}>
              <X className="icon" aria-hidden="true" />
            </IconButton>
          </span>
        </div>
        <h2 className="inspector-claim">{headline(detail, opened)}</h2>
        <p className="ink-2">{detail.isSettled ? text.settled : text.rule}</p>
        {detail.blindUntil !== null && <p className="ink-2">{text.blind[detail.blindUntil]}</p>}
        <div className="paper" dir="auto" role="region" aria-label={text.prompt} tabIndex={0}>
          {detail.messages.map((message, i) => (
            // Messages have no ids and never move.
            <p key={i} className={i < detail.messages.length - 1 ? "ink-3" : ""}>
              <LongText text={message.content} />
            </p>
          ))}
        </div>
        <div className="paper-pair">
          <Side name={text.first} side={detail.first} />
          <Side name={text.second} side={detail.second} />
        </div>
        <Opinions opinions={detail.opinions} openId={detail.id} />
        {detail.opinions.map((one) => (
          <Words key={one.judgment.id} opinion={one} />
        ))}
        <h3>{text.raw}</h3>
        {opened?.rawReply == null ? (
          <p className="small-text ink-3">{text.noRaw}</p>
        ) : (
          <>
            <p className="small-text ink-3">
              {[
                opened.judgment.oracle,
                opened.templateVersion,
                opened.promptTokens !== null && opened.replyTokens !== null ? text.tokens(opened.promptTokens, opened.replyTokens) : null,
              ]
                .filter((part) => part !== null)
                .join(" · ")}
            </p>
            <pre className="paper raw" tabIndex={0}>
              <LongText text={opened.rawReply} />
            </pre>
          </>
        )}
      </div>
      <footer className="inspector-foot">{children}</footer>
    </aside>
  );
}

function headline(detail: JudgmentDetail, opened: Opinion | undefined): string {
  const author = opened?.judgment.author ?? "";
  switch (detail.disagreement) {
    case null:
      return text.headline.agree(author, opened === undefined ? "" : wordsOf(opened.judgment));
    case "itself":
      return text.headline.itself(author);
    case "people":
    case "peopleAndJudge":
    case "judges":
      return text.headline[detail.disagreement];
    default:
      return detail.disagreement satisfies never;
  }
}

function wordsOf(row: JudgmentRow): string {
  return row.isRetraction ? judgmentsText.takenBack : judgmentsText.strongVerdict(row.verdict);
}

function Side({ name, side }: { readonly name: string; readonly side: JudgmentDetail["first"] }): ReactNode {
  return (
    <section className="paper response" aria-label={name} tabIndex={0}>
      <p className="small-text">
        <b>{name}</b>{" "}
        {side.source !== null && side.sampleIndex !== null && <span className="ink-3">{text.sample(side.source, side.sampleIndex)}</span>}
      </p>
      <div className="column">
        <ResponseText text={side.text} />
      </div>
    </section>
  );
}

function Opinions({ opinions, openId }: { readonly opinions: readonly Opinion[]; readonly openId: string }): ReactNode {
  const { columns } = text;
  return (
    <table className="table opinions" aria-label={text.opinions}>
      <thead>
        <tr>
          <th>{columns.oracle}</th>
          <th>{columns.verdict}</th>
          <th>{columns.shown}</th>
          <th className="number">{columns.took}</th>
          <th className="number">{columns.cost}</th>
        </tr>
      </thead>
      <tbody>
        {opinions.map(({ judgment, isSwapped, isCorrection }) => (
          <tr key={judgment.id} className={judgment.isLive ? "" : "dead"} aria-current={judgment.id === openId}>
            <td>
              <KindIcon kind={judgment.kind} /> {judgment.author}
            </td>
            <td>
              <VerdictGlyph verdict={judgment.verdict} /> {wordsOf(judgment)}
              <span className="ink-3">{notesOf(judgment, isCorrection)}</span>
            </td>
            <td className="ink-3">{isSwapped ? text.swapped : text.asStored}</td>
            <td className="number">{judgment.durationMs === null ? "" : duration(judgment.durationMs)}</td>
            <td className="number">{judgment.costUsd === null ? judgmentsText.none : money(judgment.costUsd)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function notesOf(judgment: JudgmentRow, isCorrection: boolean): string {
  const notes = [
    judgment.criterion === null ? "" : text.criterion(judgment.criterion),
    text.purposes[judgment.purpose],
    isCorrection ? text.correction : "",
    judgment.isLive || judgment.isRetraction ? "" : judgmentsText.superseded,
  ].filter((note) => note !== "");
  return notes.length === 0 ? "" : ` ${notes.join(", ")}`;
}

function Words({ opinion }: { readonly opinion: Opinion }): ReactNode {
  const { rationale, tags, judgment } = opinion;
  if (!judgment.isLive || (rationale === null && tags.length === 0)) return null;
  return (
    <p className="opinion-words" dir="auto">
      <b>{text.reasonOf(judgment.author)}</b> {rationale !== null && `“${withVisibleControls(rationale)}”`}{" "}
      {tags.map((tag) => (
        <span className="tag" key={tag}>
          {tag}
        </span>
      ))}
    </p>
  );
}
