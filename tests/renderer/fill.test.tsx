/** Sentences with drawn parts: marks become elements, values go in where their names stand, and stay what they are. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Fill } from "#renderer/text/fill.tsx";

const drawn = (text: string, values?: Readonly<Record<string, string>>): string =>
  renderToStaticMarkup(<Fill text={text} {...(values === undefined ? {} : { values })} />);

it("draws strong words, code and values where the sentence has them", () => {
  expect(drawn("**{name}** is not a mark; `nashlab init` is, {time}.", { name: "Ada", time: "14:22" })).toBe(
    "<b>{name}</b> is not a mark; <code>nashlab init</code> is, 14:22.",
  );
});

it("takes a value for what it is, whatever stands in it", () => {
  expect(drawn("{name} came in.", { name: "**<i>`x`{name}" })).toBe("**&lt;i&gt;`x`{name} came in.");
});

it("leaves a name that nothing fills for the eye to find", () => {
  expect(drawn("{count} rows")).toBe("{count} rows");
});
