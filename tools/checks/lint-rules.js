/** Lint rules of our own: a file says what it is, an assertion of a type says why it holds. */

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

/** @type {import("eslint").ESLint.Plugin} */
export const house = { rules: { "file-header": fileHeader, "reasoned-assertion": reasonedAssertion } };
