/** Lint rules of our own: a file says what it is, an assertion of a type why it holds, a control that rests why it does. */

/** @type {import("eslint").Rule.RuleModule} */
const fileHeader = {
  meta: { type: "suggestion", messages: { missing: "Open the file with a /** */ comment of one sentence that says what it is." } },
  create: (context) => ({
    Program: (node) => {
      const [first] = context.sourceCode.getAllComments();
      const isHeader = first?.type === "Block" && first.value.startsWith("*") && first.loc?.start.line === 1;
      if (!isHeader) context.report({ node, messageId: "missing" });
    },
  }),
};

/** Branding is what an assertion is for: a string becomes an id where it is made or read. */
const BRAND = /Id$|^ContentHash$/;

/** @typedef {{ type?: string, typeName?: { name?: string } }} AssertedType */

/** @param {AssertedType | undefined} type */
function isBrand(type) {
  return BRAND.test(type?.typeName?.name ?? "");
}

/** @type {import("eslint").Rule.RuleModule} */
const reasonedAssertion = {
  meta: { type: "suggestion", messages: { missing: "`as` needs a reason in a comment on its line (or `satisfies`, or a check)." } },
  create: (context) => ({
    /** @param {import("eslint").Rule.Node & { typeAnnotation?: AssertedType & { types?: AssertedType[] } }} node */
    TSAsExpression: (node) => {
      const asserted = node.typeAnnotation?.types ?? [node.typeAnnotation];
      if (asserted.every((type) => type?.typeName?.name === "const" || type?.type === "TSNullKeyword" || isBrand(type))) return;
      const lastLine = node.loc?.end.line;
      const hasReason = context.sourceCode.getAllComments().some((comment) => comment.loc?.start.line === lastLine);
      if (!hasReason) context.report({ node, messageId: "missing" });
    },
  }),
};

/** What of an element is read out or shown to a person. */
const READ_ALOUD = new Set(["aria-label", "aria-description", "alt", "busy", "label", "placeholder", "title", "why"]);
const WORD = /\p{L}{2}/u;

/** @typedef {import("eslint").Rule.Node & { value?: unknown, quasis?: { value: { raw: string } }[], name?: { name?: string } }} TextNode */

/** Words for people stand in renderer/text, where a translation finds them. @type {import("eslint").Rule.RuleModule} */
const wordsInOnePlace = {
  meta: { type: "suggestion", messages: { found: "Words for people belong in renderer/text (see renderer/text/shell.ts): {{words}}" } },
  create: (context) => {
    /** @param {TextNode} node @param {string} words */
    const report = (node, words) => {
      if (WORD.test(words)) context.report({ node, messageId: "found", data: { words: words.trim().slice(0, 40) } });
    };
    /** @param {TextNode} node */
    const isShown = (node) => {
      let child = /** @type {any} */ (node);
      let parent = child.parent;
      // A choice between texts shows one of them; what it chooses by is no text.
      while (
        (parent?.type === "ConditionalExpression" && parent.test !== child) ||
        (parent?.type === "LogicalExpression" && parent.right === child)
      ) {
        child = parent;
        parent = child.parent;
      }
      if (parent?.type === "JSXAttribute") return READ_ALOUD.has(parent.name.name);
      if (parent?.type !== "JSXExpressionContainer") return false;
      return parent.parent.type === "JSXAttribute" ? READ_ALOUD.has(parent.parent.name.name) : true;
    };
    return {
      /** @param {TextNode} node */
      JSXText: (node) => report(node, String(node.value)),
      Literal: (node) => {
        if (typeof node.value === "string" && isShown(/** @type {TextNode} */ (/** @type {unknown} */ (node)))) {
          report(/** @type {TextNode} */ (/** @type {unknown} */ (node)), node.value);
        }
      },
      TemplateLiteral: (node) => {
        const written = node.quasis.map((quasi) => quasi.value.raw).join(" ");
        if (isShown(/** @type {TextNode} */ (/** @type {unknown} */ (node))))
          report(/** @type {TextNode} */ (/** @type {unknown} */ (node)), written);
      },
    };
  },
};

/** A button that shows an icon alone says its word to those who do not see it. @type {import("eslint").Rule.RuleModule} */
const iconHasWord = {
  meta: { type: "problem", messages: { missing: "A button of an icon alone needs an aria-label: nothing else of it is read out." } },
  create: (context) => ({
    /** @param {any} node */
    JSXOpeningElement: (node) => {
      /** @param {string} name */
      const attribute = (name) => node.attributes.find((/** @type {any} */ one) => one.name?.name === name);
      const classes = context.sourceCode.getText(attribute("className")?.value ?? node.name);
      if (/\bicon-only\b/u.test(classes) && attribute("aria-label") === undefined) context.report({ node, messageId: "missing" });
    },
  }),
};

/** Whoever meets a control that cannot be used is told why. @type {import("eslint").Rule.RuleModule} */
const restsWithReason = {
  meta: {
    type: "problem",
    messages: {
      found:
        "{{name}} says no reason: give a Button `why` or `busy` (renderer/design/button.tsx), a field what `useResting` makes of the reason (renderer/design/why.tsx).",
    },
  },
  create: (context) => ({
    /** @param {any} node */
    JSXAttribute: (node) => {
      const { name } = node.name;
      if (name === "disabled" || name === "aria-disabled") context.report({ node, messageId: "found", data: { name } });
    },
  }),
};

/** @type {import("eslint").ESLint.Plugin} */
export const house = {
  rules: {
    "file-header": fileHeader,
    "reasoned-assertion": reasonedAssertion,
    "words-in-one-place": wordsInOnePlace,
    "icon-has-word": iconHasWord,
    "rests-with-reason": restsWithReason,
  },
};
