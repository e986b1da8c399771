/** Responses as they are shown: nothing that was written is hidden, nothing in it is more than text. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ResponseText } from "#renderer/annotate/response-text.tsx";

const shown = (text: string): string => renderToStaticMarkup(<ResponseText text={text} />);

it("shows HTML as it is written, in blocks and within a line", () => {
  expect(shown("<script>alert(1)</script>\n\nUse <b>bold</b> here.")).toBe(
    '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p dir="auto">Use &lt;b&gt;bold&lt;/b&gt; here.</p>',
  );
  expect(shown("- <i>x</i>\n- <!-- a note -->")).toContain("&lt;!-- a note --&gt;");
});

it("shows links and pictures as words", () => {
  expect(shown("[here](https://example.invalid) ![a cat](https://example.invalid/cat.png)")).not.toMatch(/<(?:a|img)\b/u);
});

it("lays out what has long rules and tables drawn in letters, and no nest that is deeper than anybody writes", () => {
  expect(shown(`**a**\n\n${"-".repeat(60)}`)).toContain("<strong>a</strong>");
  const line = `+${"-".repeat(40)}+${"-".repeat(40)}+`;
  expect(shown(`**a**\n\n\`\`\`\n${line}\n| id | name |\n${line}\n\`\`\``)).toContain("<strong>a</strong>");
  for (const sign of ["- ", "1. ", ">", "> "]) expect(shown(`**a**\n\n${sign.repeat(40)}b`)).not.toContain("<strong>");
});
