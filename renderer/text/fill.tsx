/** Sentences with parts in them: `{name}` takes a value, `**word**` is strong, `` `word` `` is code; a translation may move them. */
import { Fragment, type ReactNode } from "react";
import { nonBreaking } from "../design/format.ts";

export type FillProps = {
  readonly text: string;
  /** By the names that stand in braces. */
  readonly values?: Readonly<Record<string, ReactNode>>;
};

const PART = /(\{\w+\}|\*\*[^*]+\*\*|`[^`]+`)/u;

/** What people typed goes in as a value, never into `text`: its stars and braces would be taken for marks. */
export function Fill({ text, values = {} }: FillProps): ReactNode {
  return text.split(PART).map((part, i) => <Fragment key={i}>{kept(partNode(part, values))}</Fragment>);
}

/** A number stays with its sign. */
function kept(node: ReactNode): ReactNode {
  return typeof node === "string" ? nonBreaking(node) : node;
}

function partNode(part: string, values: Readonly<Record<string, ReactNode>>): ReactNode {
  if (part.startsWith("**")) return <b>{nonBreaking(part.slice(2, -2))}</b>;
  if (part.startsWith("`")) return <code>{part.slice(1, -1)}</code>;
  const name = /^\{(\w+)\}$/u.exec(part)?.[1];
  // A name that nothing fills stays as it is written: it shows at the first look.
  return name === undefined || !(name in values) ? part : values[name];
}
