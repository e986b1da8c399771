/** A response as it was meant to look: markdown, code and mathematics; nothing in it can run, load or link. */
import { memo, type ReactNode } from "react";
import Markdown, { type Components, type Options } from "react-markdown";
import rehypeKatex from "rehype-katex";
import rehypeSanitize, { defaultSchema, type Options as RehypeSanitizeOptions } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";

/** Longer texts are shown as they are: laying them out would hold the page up. */
const MAX_MARKDOWN_LENGTH = 200_000;

const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    // What remark-math marks, so that KaTeX, which runs after this, finds it.
    code: [["className", /^language-./u, "math-inline", "math-display"]],
  },
} satisfies RehypeSanitizeOptions;

/** One dollar is money; mathematics takes two. */
const remarkPlugins: Options["remarkPlugins"] = [remarkGfm, [remarkMath, { singleDollarTextMath: false }]];
const rehypePlugins: Options["rehypePlugins"] = [[rehypeSanitize, schema], rehypeKatex];

/** All look alike, so that no response shouts, and stand right under the sheet's own. */
const heading: Components["h1"] = ({ children }) => <h3>{children}</h3>;

/** Pictures and links become text, so that nothing is asked for outside. */
const components: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  a: ({ children, href }) => (
    <span className="link-text" title={href}>
      {children}
    </span>
  ),
  img: ({ alt }) => <span className="ink-3">[picture: {alt === undefined || alt === "" ? "without a description" : alt}]</span>,
  input: ({ checked }) => <span>{checked === true ? "[x]" : "[ ]"}</span>,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => (
    <div className="wide" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
};

export const ResponseText = memo(function ResponseText({ text }: { readonly text: string }): ReactNode {
  if (text.trim() === "") return <p className="ink-3">This response is empty.</p>;
  if (text.length > MAX_MARKDOWN_LENGTH)
    return (
      <pre className="plain-text" tabIndex={0}>
        {text}
      </pre>
    );
  return (
    <Markdown remarkPlugins={remarkPlugins} rehypePlugins={rehypePlugins} components={components}>
      {text}
    </Markdown>
  );
});
