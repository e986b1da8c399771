/** Texts that would run, load or lead away if a page let them, and a watch for whether one did. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

export const AWAY = "http://127.0.0.1:9";

/** Each would do something if it were let. */
export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
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

/** What a text on a page must never become. */
export const HARMFUL = ":is(a, img, script, iframe, video, object, embed, form, style, base, meta, picture)";

export type HarmWatch = {
  /** Before the page is led anywhere. */
  prepare(page: Page): Promise<void>;
  /** Nothing ran, nothing broke the content policy, nothing was asked for, and the page is no wider than its window. */
  expectNone(page: Page, requests: readonly string[], what: string): Promise<void>;
};

export function watchForHarm(): HarmWatch {
  const dialogs: string[] = [];
  return {
    prepare: async (page) => {
      await page.addInitScript(() => {
        const violations: string[] = [];
        Object.assign(window, { violations });
        document.addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
      });
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
    },
    expectNone: async (page, requests, what) => {
      const seen = await page.evaluate(() => ({
        pwned: "pwned" in window,
        violations: (window as unknown as { readonly violations: readonly string[] }).violations,
        isTooWide: document.documentElement.scrollWidth > window.innerWidth,
      }));
      const asked = requests.filter((url) => url.startsWith(AWAY) || url.startsWith("data:"));
      expect([what, seen, dialogs, asked]).toEqual([what, { pwned: false, violations: [], isTooWide: false }, [], []]);
    },
  };
}
