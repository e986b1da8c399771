/** The way between the two ledgers, where an experiment has lists of scores too. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { count } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { judgmentsText } from "../text/judgments.ts";

const text = judgmentsText.lists;

export function LedgerSwitch({ isLists }: { readonly isLists: boolean }): ReactNode {
  const { queries } = useLab();
  const lists = useQuery(queries.judgments.facets.queryOptions()).data?.lists ?? 0;
  if (lists === 0 && !isLists) return null;
  return (
    <nav className="segments" aria-label={text.switch}>
      <Link to="/judgments" search={{}} aria-current={isLists ? undefined : "page"} activeProps={{}}>
        {text.judgments}
      </Link>
      <Link to="/judgments" search={{ lists: true }} aria-current={isLists ? "page" : undefined} activeProps={{}}>
        {text.title(count(lists))}
      </Link>
    </nav>
  );
}
