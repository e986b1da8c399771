/** Choosing AI judges: a model behind an endpoint, a policy as judge, a jury of several, each with what it goes by. */
import { type ReactNode, useId } from "react";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { type EndpointJudge, type JuryRule, juryRuleSchema, type LocalJudge } from "#app/domain/judge.ts";
import type { Jury, JuryMember, OracleConfig } from "#app/domain/oracle.ts";
import { Button } from "../design/button.tsx";
import { setUpText } from "../text/set-up.ts";
import { Labelled, Select, Words } from "./fields.tsx";
import { defaultMember, MEMBER_KINDS } from "./oracle-kinds.ts";

const text = setUpText.oracle;

/** What an experiment that is open has to choose from; before there is one, names are typed. */
export type JudgeChoices = {
  readonly endpoints: readonly EndpointView[];
  readonly templates: readonly { readonly name: string; readonly mode: "pairwise" | "listwise"; readonly reply: "json" | "letter" }[];
  readonly policies: readonly string[];
};

type FieldsProps<Oracle> = { readonly oracle: Oracle; readonly choices: JudgeChoices | undefined; readonly onChange: (oracle: Oracle) => void };

export function JudgeFields({ oracle, choices, onChange }: FieldsProps<EndpointJudge>): ReactNode {
  const endpoint = choices?.endpoints.find((one) => one.name === oracle.endpoint);
  const price = endpoint?.prices.find((one) => one.model === oracle.model);
  const templates = choices?.templates.filter((one) => one.mode === "pairwise").map((one) => one.name) ?? [];
  return (
    <>
      <div className="row fields wrap">
        {choices === undefined || choices.endpoints.length === 0 ? (
          <Words label={text.endpoint} value={oracle.endpoint} onChange={(name) => onChange({ ...oracle, endpoint: name })} />
        ) : (
          <Labelled label={text.endpointChosen}>
            {(id) => (
              <Select
                id={id}
                value={oracle.endpoint}
                options={choices.endpoints.map((one) => one.name)}
                onChange={(name) => onChange({ ...oracle, endpoint: name })}
              />
            )}
          </Labelled>
        )}
        <Words
          label={text.model}
          value={oracle.model}
          offered={endpoint?.prices.map((one) => one.model) ?? []}
          onChange={(model) => onChange({ ...oracle, model })}
        />
        {templates.length > 0 && (
          <Labelled label={text.template}>
            {(id) => <Select id={id} value={oracle.template} options={templates} onChange={(template) => onChange({ ...oracle, template })} />}
          </Labelled>
        )}
      </div>
      <p className="small-text ink-3">
        {choices !== undefined && endpoint === undefined
          ? text.noEndpoint(oracle.endpoint)
          : price !== undefined
            ? text.price(price.inputUsdPerMillion, price.outputUsdPerMillion)
            : endpoint === undefined
              ? text.endpointHint
              : endpoint.isLocal
                ? text.free
                : text.noPrice}
      </p>
    </>
  );
}

export function LocalJudgeFields({ oracle, choices, onChange }: FieldsProps<LocalJudge>): ReactNode {
  const templates = choices?.templates.filter((one) => one.reply === "letter").map((one) => one.name) ?? [];
  return (
    <div className="row fields wrap">
      {choices === undefined || choices.policies.length === 0 ? (
        <Words label={text.judgingPolicy} value={oracle.policy} onChange={(policy) => onChange({ ...oracle, policy })} />
      ) : (
        <Labelled label={text.judgingPolicy}>
          {(id) => <Select id={id} value={oracle.policy} options={choices.policies} onChange={(policy) => onChange({ ...oracle, policy })} />}
        </Labelled>
      )}
      {templates.length > 0 && (
        <Labelled label={text.template}>
          {(id) => <Select id={id} value={oracle.template} options={templates} onChange={(template) => onChange({ ...oracle, template })} />}
        </Labelled>
      )}
    </div>
  );
}

type JuryProps = FieldsProps<Jury> & {
  /** The fields of one that answers by itself. */
  readonly memberFields: (member: JuryMember, onChange: (member: OracleConfig) => void) => ReactNode;
};

const FEWEST = 2;
const MOST = 9;

export function JuryFields({ oracle, onChange, memberFields }: JuryProps): ReactNode {
  const { members, rule } = oracle;
  const change = (next: readonly JuryMember[]): void => {
    onChange({ ...oracle, members: [...next] });
  };
  return (
    <>
      <Labelled label={text.rule}>
        {(id) => (
          <Select<JuryRule>
            id={id}
            value={rule}
            options={juryRuleSchema.options}
            names={text.rules}
            onChange={(next) => onChange({ ...oracle, rule: next })}
          />
        )}
      </Labelled>
      <ol className="jury">
        {members.map((member, i) => (
          <Member
            key={i}
            place={i + 1}
            member={member}
            onChange={(next) => change(members.with(i, next))}
            onRemove={members.length <= FEWEST ? undefined : () => change(members.toSpliced(i, 1))}
          >
            {memberFields(member, (next) => {
              if (next.kind !== "jury" && next.kind !== "people") change(members.with(i, next));
            })}
          </Member>
        ))}
      </ol>
      <Button
        className="btn add-member"
        why={members.length >= MOST && text.mostMembers(MOST)}
        onClick={() => change([...members, defaultMember("judge")])}
      >
        {text.addMember}
      </Button>
    </>
  );
}

type MemberProps = {
  readonly place: number;
  readonly member: JuryMember;
  readonly onChange: (member: JuryMember) => void;
  readonly onRemove: (() => void) | undefined;
  readonly children: ReactNode;
};

function Member({ place, member, onChange, onRemove, children }: MemberProps): ReactNode {
  const id = useId();
  return (
    <li>
      <div className="row">
        <label htmlFor={id} className="medium no-wrap">
          {text.member(place)}
        </label>
        <Select<JuryMember["kind"]>
          id={id}
          value={member.kind}
          options={MEMBER_KINDS}
          names={text.kinds}
          onChange={(kind) => onChange(defaultMember(kind))}
        />
        <span className="grow" />
        {onRemove !== undefined && (
          <button type="button" className="btn quiet" onClick={onRemove}>
            {text.removeMember}
          </button>
        )}
      </div>
      {children}
    </li>
  );
}
