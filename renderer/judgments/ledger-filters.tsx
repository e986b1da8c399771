/** The filters of the ledger: chips for what is asked for often, menus for the rest, and a search. */
import { Search } from "lucide-react";
import { type ReactNode, type Ref, useEffect, useState } from "react";
import type { LedgerFilter } from "#app/contract/judgments.ts";
import { count } from "../design/format.ts";
import { judgmentsText as text } from "../text/judgments.ts";

export type Facets = {
  readonly rounds: readonly number[];
  readonly authors: readonly { readonly name: string; readonly kind: "person" | "judge" | "script" }[];
  readonly disputed: number;
  readonly invalid: number;
};

/** Until the lab has said what there is to filter by, what always can be stands in its place. */
export const NO_FACETS: Facets = { rounds: [], authors: [], disputed: 0, invalid: 0 };

export type LedgerFiltersProps = {
  readonly filter: LedgerFilter;
  readonly facets: Facets;
  readonly onFilter: (filter: LedgerFilter) => void;
  readonly searchRef: Ref<HTMLInputElement>;
};

/** The lab is asked when nothing was typed for so long. */
const REST_MS = 250;

export function LedgerFilters({ filter, facets, onFilter, searchRef }: LedgerFiltersProps): ReactNode {
  const kinds = [...new Set(facets.authors.map((author) => author.kind))];
  return (
    <div className="ledger-filters" role="group" aria-label={text.filters}>
      <SearchField filter={filter} onFilter={onFilter} searchRef={searchRef} />
      <Menu
        name={text.roundFilter}
        all={text.allRounds}
        value={filter.round === undefined ? "" : String(filter.round)}
        options={facets.rounds.map((round) => [String(round), text.round(round)])}
        onChoose={(value) => onFilter(withPart(filter, "round", value === "" ? undefined : Number(value)))}
      />
      {kinds.map((kind) => (
        <Chip key={kind} isOn={filter.kind === kind} onToggle={(isOn) => onFilter(withPart(filter, "kind", isOn ? kind : undefined))}>
          {text.kinds[kind]}
        </Chip>
      ))}
      <Menu
        name={text.verdictFilter}
        all={text.anyVerdict}
        value={filter.verdict ?? ""}
        options={Object.entries(text.verdicts)}
        onChoose={(value) => onFilter(withPart(filter, "verdict", verdictOf(value)))}
      />
      {facets.authors.length > 1 && (
        <Menu
          name={text.authorFilter}
          all={text.anyAuthor}
          value={filter.author ?? ""}
          options={facets.authors.map(({ name }) => [name, name])}
          onChoose={(value) => onFilter(withPart(filter, "author", value === "" ? undefined : value))}
        />
      )}
      {filter.raters !== undefined && (
        <Chip isOn onToggle={() => onFilter(withPart(filter, "raters", undefined))}>
          {text.ratedBy(...filter.raters)}
        </Chip>
      )}
      <Chip isOn={filter.isLive === true} onToggle={(isOn) => onFilter(withPart(filter, "isLive", isOn ? true : undefined))}>
        {text.inForce}
      </Chip>
      <Chip isOn={filter.isDisputed === true} onToggle={(isOn) => onFilter(withPart(filter, "isDisputed", isOn ? true : undefined))}>
        {text.disputes(count(facets.disputed))}
      </Chip>
      {(facets.invalid > 0 || filter.verdict === "invalid") && (
        <Chip isOn={filter.verdict === "invalid"} onToggle={(isOn) => onFilter(withPart(filter, "verdict", isOn ? "invalid" : undefined))}>
          {text.invalid(count(facets.invalid))}
        </Chip>
      )}
    </div>
  );
}

/** The filter with one part set, or left out. */
function withPart<Name extends keyof LedgerFilter>(filter: LedgerFilter, name: Name, value: LedgerFilter[Name]): LedgerFilter {
  const { [name]: _old, ...rest } = filter;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function verdictOf(value: string): LedgerFilter["verdict"] {
  return Object.hasOwn(text.verdicts, value) ? (value as keyof typeof text.verdicts) : undefined; // it was looked up
}

function SearchField({ filter, onFilter, searchRef }: Pick<LedgerFiltersProps, "filter" | "onFilter" | "searchRef">): ReactNode {
  const sought = filter.search ?? "";
  const [words, setWords] = useState(sought);
  const [known, setKnown] = useState(sought);
  // Somebody else took the search off: what is typed here goes with it, and is not asked for again.
  if (known !== sought) {
    setKnown(sought);
    if (words.trim() !== sought) setWords(sought);
  }
  useEffect(() => {
    const trimmed = words.trim();
    if (trimmed === sought) return undefined;
    const timer = setTimeout(() => {
      onFilter(withPart(filter, "search", trimmed === "" ? undefined : trimmed));
    }, REST_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [words, sought, filter, onFilter]);
  return (
    <span className="search">
      <Search className="icon" aria-hidden="true" />
      <input
        ref={searchRef}
        className="field"
        type="search"
        placeholder={text.search}
        aria-label={text.searchLabel}
        maxLength={200}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
        }}
      />
    </span>
  );
}

type ChipProps = { readonly isOn: boolean; readonly onToggle: (isOn: boolean) => void; readonly children: ReactNode };

function Chip({ isOn, onToggle, children }: ChipProps): ReactNode {
  return (
    <button type="button" className="chip" aria-pressed={isOn} onClick={() => onToggle(!isOn)}>
      {children}
    </button>
  );
}

type MenuProps = {
  /** What it chooses among, read out. */
  readonly name: string;
  /** The choice that takes nothing away. */
  readonly all: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
};

function Menu({ name, all, value, options, onChoose }: MenuProps): ReactNode {
  return (
    <select
      className={value === "" ? "chip" : "chip on"}
      aria-label={name}
      value={value}
      onChange={(event) => {
        onChoose(event.currentTarget.value);
      }}
    >
      <option value="">{all}</option>
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  );
}
