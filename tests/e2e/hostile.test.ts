/** Hostile prompts and responses: nothing in them runs, loads or leads away, and the screen stays usable. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { LabRouter } from "#main/lab/lab.ts";
import { askOnScreen, sitDown } from "#tests/support/annotator.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab } from "#tests/support/fake-lab.ts";
import type { FakeComparison } from "#tests/support/fake-queue.ts";

const AWAY = "http://127.0.0.1:9";

/** Each would do something if it were let. */
const TEXTS: Readonly<Record<string, string>> = {
  scripts: `<script>window.pwned = 1</script><svg onload="window.pwned = 1"><script>alert(1)</script></svg><iframe srcdoc="<script>parent.pwned = 1</script>"></iframe>
<details open ontoggle="alert(1)"><summary>x</summary></details><body onpageshow="alert(1)"><style>* { display: none; background: url(${AWAY}/css) }</style><base href="${AWAY}/"><meta http-equiv="refresh" content="0;url=${AWAY}/refresh">`,
  images: `![one](${AWAY}/a.png) ![two](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E) <img src=x onerror="window.pwned = 1"> <picture><source srcset="${AWAY}/b.png"></picture> <video src="${AWAY}/c" autoplay></video> ![ref]\n\n[ref]: ${AWAY}/d.png`,
  links: `[click](javascript:window.pwned=1) <javascript:alert(1)> [a](data:text/html,<script>alert(1)</script>) [b](vbscript:x) ${AWAY}/auto www.example.invalid <a href="${AWAY}" ping="${AWAY}/ping">c</a> [d](${AWAY}/away "onmouseover=alert(1)")`,
  "one huge line": `${"abcdefghij".repeat(50_000)} the end`,
  "a line of markup": "**a** _b_ `c` ".repeat(8000),
  "right-to-left overrides": `The password is \u202etxet neddih\u202c, \u2067and more\u2069, \u0000 and \u001b[31m red.\n\nשלום עולם: a paragraph of its own.`,
  "a megabyte": Array.from(
    { length: 16_384 },
    (_, i) => `${String(i).padStart(6, "0")} ${"lorem ipsum dolor sit amet consectetur adipiscing elit ".slice(0, 57)}`,
  ).join("\n"),
  "broken Markdown": `${"> ".repeat(3000)}deep\n\n${"- ".repeat(1500)}\n\n\`\`\`js\nlet x = "never closed\n${"[".repeat(3000)}\n\n| a | b\n|--\n| 1 | 2 | 3 |\n\n<div><p><b>`,
  "emphasis without end": `${"*a_".repeat(6000)} ${"![[".repeat(3000)}`,
  formulas: `$$\\def\\x{\\x\\x\\x}\\x$$ $$\\rule{99999em}{99999em}$$ $$\\href{javascript:alert(1)}{x}$$ $$\\includegraphics{${AWAY}/e.png}$$ $$\\htmlData{x=y}{z}$$ $$\\frac{1}{`,
  "code that is slow to colour": `\`\`\`js\n${"/".repeat(400)}${"(a+)+$".repeat(400)}\n${'"\\'.repeat(2000)}\n\`\`\`\n\n\`\`\`python\n${'"""'.repeat(900)}\n\`\`\``,
  tables: `| ${"a | ".repeat(400)}\n| ${"- | ".repeat(400)}\n${`| ${"b | ".repeat(400)}\n`.repeat(20)}`,
};

describeInChromium("hostile texts", (pages) => {
  it.each(Object.keys(TEXTS))("of the kind “%s” run nothing, load nothing and leave the screen usable", async (kind) => {
    const text = TEXTS[kind] ?? "";
    const hostile: FakeComparison = {
      askId: "ask-hostile",
      messages: [
        { role: "user", content: text },
        { role: "assistant", content: text },
        { role: "user", content: text },
      ],
      first: text,
      second: "A short answer.",
      isSwapped: false,
    };
    const lab = createFakeLab({ comparisons: [hostile, ...shortComparisons(2)] });
    const { page, requests, dialogs } = await begin(lab.router);
    const asked = await askOnScreen(page, "");
    await page.locator(".sheet.left .end-mark").waitFor();
    // Both ways to read it, earlier turns, and a step of scrolling.
    for (const key of ["c", "d", "d", "j"]) await page.keyboard.press(key);
    expect(await page.locator(".comparison :is(a, img, script, iframe, video, object, embed, form, style, base, meta, picture)").count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    const verdicts = page.getByRole("group", { name: "Verdict" });
    expect(await verdicts.isVisible()).toBe(true);
    await page.keyboard.press("ArrowRight");
    await askOnScreen(page, asked);
    await page.getByText("All saved").waitFor();
    expect(lab.queue.verdicts().get("ask-hostile")).toEqual({ kind: "prefers", winner: "second", strength: "slight" });
    const seen = await page.evaluate(() => ({
      pwned: "pwned" in window,
      violations: (window as unknown as { readonly violations: readonly string[] }).violations,
    }));
    expect(seen).toEqual({ pwned: false, violations: [] });
    expect(dialogs).toEqual([]);
    expect(requests.filter((url) => url.startsWith(AWAY) || url.startsWith("data:"))).toEqual([]);
  });

  it("with overrides of the reading order show them by name, and right-to-left writing reads from the right", async () => {
    const text = TEXTS["right-to-left overrides"] ?? "";
    const lab = createFakeLab({
      comparisons: [{ askId: "ask-bidi", messages: [{ role: "user", content: text }], first: text, second: text, isSwapped: false }],
    });
    const { page } = await begin(lab.router);
    await askOnScreen(page, "");
    await page.locator(".sheet.left").getByText("The password is [RLO]txet neddih[PDF]").waitFor();
    const direction = await page.locator(".sheet.left p", { hasText: "שלום" }).evaluate((element) => getComputedStyle(element).direction);
    expect(direction).toBe("rtl");
    expect(await page.locator(".dock").evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");
  });

  type Sitting = { readonly page: Page; readonly requests: readonly string[]; readonly dialogs: readonly string[] };

  async function begin(router: LabRouter): Promise<Sitting> {
    const dialogs: string[] = [];
    const prepare = async (page: Page): Promise<void> => {
      await page.addInitScript(() => {
        const violations: string[] = [];
        Object.assign(window, { violations });
        document.addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
      });
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
    };
    const { page, requests } = await pages.serve(router, { prepare });
    await sitDown(page, "Ada");
    return { page, requests, dialogs };
  }
});
