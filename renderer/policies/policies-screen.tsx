/** The policies: their lineage, one of them in full, and a prompt on two of them side by side. */
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { PolicyView, RoundView } from "#app/contract/views.ts";
import { useActions } from "../commands/use-actions.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { Unread } from "../design/failed.tsx";
import { count } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { GettingStarted } from "../rounds/getting-started.tsx";
import { policiesText as text } from "../text/policies.ts";
import { AddPolicyDialog } from "./add-policy-dialog.tsx";
import { type Deleted, DeletedPolicy } from "./deleted-policy.tsx";
import { PolicyInspector } from "./policy-inspector.tsx";
import { PolicyTable } from "./policy-table.tsx";
import { Trial } from "./trial.tsx";
import "./policies.css";

/** `openPolicy`: the name of the one that is open; the newest without it. */
export function PoliciesScreen({ openPolicy }: { readonly openPolicy: string | undefined }): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const rounds = useQuery(queries.rounds.list.queryOptions());
  const [isAdding, setIsAdding] = useState(false);
  const [deleted, setDeleted] = useState<Deleted | null>(null);
  const policies = experiment.data?.policies;
  const failure = experiment.error ?? rounds.error;
  const add = (): void => {
    setIsAdding(true);
  };
  useActions(text.title, experiment.data == null ? [] : [{ id: "policies.add", label: text.add.title, run: add }]);
  const addDialog = (
    <AddPolicyDialog
      isOpen={isAdding}
      onClose={() => {
        setIsAdding(false);
      }}
    />
  );
  const addButton = (
    <button type="button" className="btn" onClick={add}>
      <Plus className="icon" aria-hidden="true" /> {text.add.button}
    </button>
  );
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
        {policies !== undefined && policies.length > 0 && <span className="crumb">{text.count(count(policies.length))}</span>}
        {experiment.data != null && <div className="actions">{addButton}</div>}
      </header>
      {failure !== null ? (
        <div className="content">
          <Unread of={[experiment, rounds]} />
        </div>
      ) : policies === undefined || rounds.data === undefined ? (
        <div className="content">{experiment.data === null ? <GettingStarted lacks="experiment" /> : <Loading>{text.reading}</Loading>}</div>
      ) : (
        <Policies policies={policies} rounds={rounds.data} openPolicy={openPolicy} onAdd={add} onDeleted={setDeleted} />
      )}
      {addDialog}
      {deleted !== null && (
        <DeletedPolicy
          deleted={deleted}
          onPutAway={() => {
            setDeleted(null);
          }}
        />
      )}
    </main>
  );
}

function NoPolicy({ onAdd }: { readonly onAdd: () => void }): ReactNode {
  return (
    <EmptyState
      title={text.empty.title}
      action={
        <button type="button" className="btn primary large" onClick={onAdd}>
          {text.empty.add}
        </button>
      }
    >
      <p>{text.empty.sentence}</p>
    </EmptyState>
  );
}

type PoliciesProps = {
  readonly policies: readonly PolicyView[];
  readonly rounds: readonly RoundView[];
  readonly openPolicy: string | undefined;
  readonly onAdd: () => void;
  readonly onDeleted: (deleted: Deleted) => void;
};

function Policies({ policies, rounds, openPolicy, onAdd, onDeleted }: PoliciesProps): ReactNode {
  const { queries } = useLab();
  // What the results recommend, and not what the newest round made.
  const results = useQuery({ ...queries.results.overview.queryOptions({ input: {} }), enabled: rounds.length > 0 });
  const recommended = results.data?.choice?.recommended ?? undefined;
  const open = policies.find((policy) => policy.name === openPolicy) ?? policies.at(-1);
  if (open === undefined) {
    return (
      <div className="content">
        <NoPolicy onAdd={onAdd} />
      </div>
    );
  }
  return (
    <div className="policies">
      <div className="policies-side">
        <section className="policies-list" aria-label={text.title} tabIndex={0}>
          <PolicyTable policies={policies} rounds={rounds} open={open.name} recommended={recommended} />
        </section>
        <Trial key={open.name} policies={policies} open={open} />
      </div>
      <PolicyInspector
        key={`details-${open.name}`}
        policy={open}
        isRecommended={recommended === open.name}
        onDeleted={(canBePutBack) => {
          onDeleted({ name: open.name, canBePutBack });
        }}
      />
    </div>
  );
}
