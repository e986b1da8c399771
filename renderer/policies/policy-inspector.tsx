/** One policy in full: what it came from, its files, ways out, and what its deletion would mean. */
import { useQuery } from "@tanstack/react-query";
import { File } from "lucide-react";
import type { ReactNode } from "react";
import type { PolicyDetails } from "#app/contract/policy-details.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { fixed } from "#app/text/language.ts";
import { Loading } from "../design/empty-state.tsx";
import { Unread } from "../design/failed.tsx";
import { bytes, count } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { policiesText } from "../text/policies.ts";
import { DeletePolicy } from "./delete-policy.tsx";
import { MergePolicy } from "./merge-policy.tsx";
import { TakeElsewhere } from "./take-elsewhere.tsx";

const text = policiesText.details;

export type PolicyInspectorProps = {
  readonly policy: PolicyView;
  readonly isRecommended: boolean;
  readonly onDeleted: (canBePutBack: boolean) => void;
};

export function PolicyInspector({ policy, isRecommended, onDeleted }: PolicyInspectorProps): ReactNode {
  const { queries } = useLab();
  const reading = useQuery(queries.policies.describe.queryOptions({ input: { policy: policy.name } }));
  const { data, error } = reading;
  return (
    <aside className="inspector" aria-label={policy.name} tabIndex={0}>
      <header className="row">
        <h2 className="inspector-title grow">{policy.name}</h2>
        {isRecommended && <span className="tag chosen">{policiesText.recommended}</span>}
      </header>
      <Unread of={[reading]} />
      {data === undefined ? error === null && <Loading>{policiesText.reading}</Loading> : <Details details={data} onDeleted={onDeleted} />}
    </aside>
  );
}

type DetailsProps = { readonly details: PolicyDetails } & Pick<PolicyInspectorProps, "onDeleted">;

function Details({ details, onDeleted }: DetailsProps): ReactNode {
  const { policy, lineage, origin, files } = details;
  return (
    <>
      <dl className="facts">
        <Fact name={text.lineage}>{lineage.join(", ")}</Fact>
        {origin === null ? <Fact name={text.origin}>{policiesText.madeFrom.added}</Fact> : <Origin origin={origin} />}
        <Fact name={text.model}>{text.parameters(policy.family, fixed(policy.parameterCount / 1e6, 1))}</Fact>
        <Fact name={text.size}>
          {policy.adapterHash === null ? bytes(details.sizeBytes) : text.sizeOf(bytes(details.sizeBytes), bytes(details.checkpointBytes))}
        </Fact>
        <Fact name={text.checkpoint}>
          <span className="path">{policy.checkpointPath}</span>
        </Fact>
        <Fact name={text.hash}>
          <code className="path">{policy.adapterHash ?? policy.checkpointHash}</code>
        </Fact>
      </dl>
      <h3>{text.files}</h3>
      {files.length === 0 ? (
        <p className="ink-2">{text.noFiles}</p>
      ) : (
        <ul className="policy-files">
          {files.map((file) => (
            <li key={file.name}>
              <File className="icon small" aria-hidden="true" />
              <code className="grow cut">{file.name}</code>
              <span className="ink-3 figures">{bytes(file.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
      <TakeElsewhere policy={policy} />
      <MergePolicy policy={policy} />
      <DeletePolicy policy={policy} deletion={details.deletion} onDeleted={onDeleted} />
    </>
  );
}

function Origin({ origin }: { readonly origin: NonNullable<PolicyDetails["origin"]> }): ReactNode {
  const { loss, beta, adapterRank, steps, keptStep, pairs, judgedBy, seed } = origin;
  return (
    <>
      <Fact name={text.method}>
        {text.methodOf(loss, beta === null ? "" : text.beta(beta), adapterRank, steps)}
        {keptStep !== null && <span className="ink-3">; {text.kept(keptStep)}</span>}
      </Fact>
      {pairs !== null && <Fact name={text.pairs}>{count(pairs)}</Fact>}
      {judgedBy.length > 0 && <Fact name={text.judgedBy}>{judgedBy.map(({ name, answers }) => text.answers(name, count(answers))).join("; ")}</Fact>}
      <Fact name={text.seed}>
        <code>{seed}</code>
      </Fact>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
