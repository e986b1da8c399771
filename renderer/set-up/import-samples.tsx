/** Rows of a data file as the lab would store them. */
import type { ReactNode } from "react";
import type { ImportSample } from "#app/contract/imports.ts";
import { importText as text } from "../text/import.ts";

export function ImportSamples({ samples }: { readonly samples: readonly ImportSample[] }): ReactNode {
  if (samples.length === 0) return null;
  return (
    <section aria-label={text.samples}>
      <h3 className="label">{text.samples}</h3>
      {samples.map((sample) => (
        <Sample key={sample.row} sample={sample} />
      ))}
    </section>
  );
}

function Sample({ sample }: { readonly sample: ImportSample }): ReactNode {
  const [pair, ...more] = sample.pairs;
  return (
    <dl className="import-sample">
      <dt className="small-text ink-3">{text.row(sample.row)}</dt>
      <dd className="small-text ink-3">{text.sampleSplit(sample.split, sample.isStoredAlready)}</dd>
      {sample.messages.map(({ role, content }, i) => (
        <Part key={i} name={text.messageRoles[role]} content={content} />
      ))}
      {sample.teacherResponse !== null && <Part name={text.roles.teacher} content={sample.teacherResponse} />}
      {pair !== undefined && (
        <>
          <Part name={text.scored(text.roles.chosen, pair.chosenScore)} content={pair.chosen} />
          <Part name={text.scored(text.roles.rejected, pair.rejectedScore)} content={pair.rejected} />
        </>
      )}
      {more.length > 0 && <dd className="small-text ink-3">{text.morePairs(more.length)}</dd>}
    </dl>
  );
}

function Part({ name, content }: { readonly name: string; readonly content: string }): ReactNode {
  return (
    <>
      <dt className="small-text ink-2">{name}</dt>
      <dd className="import-text">{content}</dd>
    </>
  );
}
