/** The experiments of this machine, newest first: how each stands and what came of it. */
import { Menu } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import type { ExperimentCard } from "#app/contract/host.ts";
import { withVisibleControls } from "../annotate/plain-text.ts";
import { Button } from "../design/button.tsx";
import { percent, whenDone } from "../design/format.ts";
import { Whisker } from "../design/whisker.tsx";
import { experimentText as text } from "../text/experiments.ts";
import { Fill } from "../text/fill.tsx";
import { nowText, stageShares } from "./card-text.ts";
import type { ExperimentActions } from "./use-experiments.ts";

export type ExperimentTableProps = {
  readonly cards: readonly ExperimentCard[];
  readonly nowMs: number;
  readonly actions: ExperimentActions;
};

export function ExperimentTable({ cards, nowMs, actions }: ExperimentTableProps): ReactNode {
  return (
    <table className="table experiments-table">
      <thead>
        <tr>
          <th>{text.columns.experiment}</th>
          <th>{text.columns.now}</th>
          <th className="best">{text.columns.best}</th>
          <th className="number">{text.columns.opened}</th>
          <th>
            <span className="unseen">{text.menu.open}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cards.map((card) => (
          <Row key={card.key} card={card} nowMs={nowMs} actions={actions} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { readonly card: ExperimentCard; readonly nowMs: number; readonly actions: ExperimentActions };

function Row({ card, nowMs, actions }: RowProps): ReactNode {
  const isOpening = actions.opening === card.folder;
  return (
    <tr>
      <td>
        <Button
          className="experiment-link"
          title={card.folder}
          why={actions.opening !== null && text.whileOpening}
          onClick={() => {
            actions.open(card.folder);
          }}
        >
          <b className="cut">
            <span className="unseen">{text.menu.open}</span> {withVisibleControls(card.name)}
          </b>
          <span className="cut small-text ink-3">{isOpening ? text.opening(card.name) : about(card)}</span>
        </Button>
      </td>
      <td className="now">
        <div className="row">
          <StageBars shares={stageShares(card)} />
          <span className={card.problem === null ? "" : "ink-2"}>{card.problem === null ? nowText(card) : sentence(card.problem)}</span>
        </div>
      </td>
      <td className="best">
        <Best card={card} />
      </td>
      <td className="number ink-2">{whenDone(card.openedAtMs, nowMs)}</td>
      <td className="row-menu">
        <Menu position="bottom-end" transitionProps={{ duration: 0 }} classNames={{ dropdown: "menu", item: "menu-item" }}>
          <Menu.Target>
            <button type="button" className="btn quiet icon-only" aria-label={text.more(withVisibleControls(card.name))}>
              <Ellipsis className="icon" aria-hidden="true" />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => {
                actions.open(card.folder);
              }}
            >
              {text.menu.open}
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                actions.forget(card);
              }}
            >
              {text.menu.forget}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  );
}

function about(card: ExperimentCard): string {
  return card.problem === null ? text.about(card.policy, card.roundCount) : card.folder;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function StageBars({ shares }: { readonly shares: readonly number[] }): ReactNode {
  if (shares.length === 0) return null;
  return (
    <span className="stages-small" aria-hidden="true">
      {shares.map((share, i) => (
        <i key={i}>
          <u style={{ width: `${100 * share}%` }} />
        </i>
      ))}
    </span>
  );
}

function Best({ card }: { readonly card: ExperimentCard }): ReactNode {
  const { best } = card;
  if (card.problem !== null) return null;
  if (best === null) return <span className="ink-3">{text.noBest}</span>;
  return (
    <span className="row no-wrap">
      <Whisker low={best.low} point={best.winRate} high={best.high} />
      <span className="figures ink-2">
        <Fill text={text.interval(percent(best.winRate), percent(best.low), percent(best.high), best.n)} />
      </span>
    </span>
  );
}
