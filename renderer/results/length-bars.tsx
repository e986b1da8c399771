/** Mean lengths of the rounds' responses, one bar a policy; the newest in ink. */
import type { ReactNode } from "react";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { count } from "../design/format.ts";
import { resultsText } from "../text/results.ts";

export function LengthBars({ results }: { readonly results: ResultOverview }): ReactNode {
  const bars = results.rounds.flatMap((round) => {
    const player = results.players.find((one) => one.name === round.policy);
    return player === undefined ? [] : [{ policy: round.policy, length: player.traits.meanCharacters }];
  });
  const longest = Math.max(1, ...bars.map((bar) => bar.length));
  return (
    <div className="length-bars">
      <p className="small-text ink-3">{resultsText.lengths.title}</p>
      <ol>
        {bars.map(({ policy, length }, i) => (
          <li key={policy} className={i === bars.length - 1 ? "newest" : undefined}>
            <i style={{ height: `${2.5 * (length / longest)}rem` }} />
            <span className="figures">
              <span className="unseen">{policy} </span>
              {count(length)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
