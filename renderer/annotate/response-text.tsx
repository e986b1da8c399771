/** A response as it was meant to look: markdown, code and mathematics; nothing in it can run, load or link. */
import { Component, memo, type ReactNode } from "react";
import Markdown, { type Components, type Options } from "react-markdown";
import rehypeKatex from "rehype-katex";
import rehypeSanitize, { defaultSchema, type Options as RehypeSanitizeOptions } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import { annotateText } from "../text/annotate.ts";
import { CodeBlock } from "./code-block.tsx";
import { LongText } from "./long-text.tsx";
import { markupAsText } from "./markup-as-text.ts";
import { withVisibleControls } from "./plain-text.ts";

const text = annotateText.sheet;

/** Longer texts are shown as they are: laying them out would hold the page up. */
const MAX_MARKDOWN_LENGTH = 40_000;
/** A line so long is no prose. */
const MAX_LINE_LENGTH = 10_000;

/** Quotes and lists in each other, deeper than anybody writes: laying them out would fill the stack. Without a space after it, a sign of a list is none: rules and tables drawn in letters are lines of them. */
const TOO_DEEP = /^[ \t]*(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+){40}/mu;

const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    // What remark-math marks, so that KaTeX, which runs after this, finds it.
    code: [["className", /^language-./u, "math-inline", "math-display"]],
  },
} satisfies RehypeSanitizeOptions;

/** Sizes and expansions are held down: a formula cannot cover the page nor keep it busy. */
const katexOptions = { maxSize: 20, maxExpand: 200, trust: false, strict: "ignore" } as const;

/** One dollar is money; mathematics takes two. */
const remarkPlugins: Options["remarkPlugins"] = [remarkGfm, [remarkMath, { singleDollarTextMath: false }]];
const rehypePlugins: Options["rehypePlugins"] = [markupAsText, [rehypeSanitize, schema], [rehypeKatex, katexOptions]];

/** All look alike, so that no response shouts, and stand right under the sheet's own. */
const heading: Components["h1"] = ({ children }) => <h3 dir="auto">{children}</h3>;

/** Pictures and links become text, so that nothing is asked for outside. */
const components: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  p: ({ children }) => <p dir="auto">{children}</p>,
  li: ({ children }) => <li dir="auto">{children}</li>,
  a: ({ children, href }) => (
    <span className="link-text" title={href}>
      {children}
    </span>
  ),
  img: ({ alt }) => <span className="ink-3">{text.picture(alt ?? "")}</span>,
  input: ({ checked }) => <span>{checked === true ? "[x]" : "[ ]"}</span>,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  table: ({ children }) => (
    <div className="wide" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
};

export const ResponseText = memo(function ResponseText({ text: response }: { readonly text: string }): ReactNode {
  if (response.trim() === "") return <p className="ink-3">{text.empty}</p>;
  if (response.length > MAX_MARKDOWN_LENGTH || hasHugeLine(response) || TOO_DEEP.test(response)) return <PlainText text={response} />;
  return (
    <OrPlain text={response}>
      <Markdown remarkPlugins={remarkPlugins} rehypePlugins={rehypePlugins} components={components}>
        {withVisibleControls(response)}
      </Markdown>
    </OrPlain>
  );
});

type OrPlainProps = { readonly text: string; readonly children: ReactNode };

/** Markdown nested so deep that it cannot be laid out is shown letter by letter. */
class OrPlain extends Component<OrPlainProps, { readonly failed: string | null }> {
  override state: { readonly failed: string | null } = { failed: null };

  static getDerivedStateFromError(): { readonly failed: string } {
    return { failed: "" };
  }

  override render(): ReactNode {
    return this.state.failed === null ? this.props.children : <PlainText text={this.props.text} />;
  }
}

/** Letter by letter, in pieces that the browser lays out only when they come into sight. */
function PlainText({ text: response }: { readonly text: string }): ReactNode {
  return (
    <pre className="plain-text" tabIndex={0} dir="auto">
      <LongText text={response} />
    </pre>
  );
}

function hasHugeLine(response: string): boolean {
  for (let from = 0; from < response.length;) {
    const end = response.indexOf("\n", from);
    const until = end === -1 ? response.length : end;
    if (until - from > MAX_LINE_LENGTH) return true;
    from = until + 1;
  }
  return false;
}
