/** The page's beginning: takes the key, connects to what it opens and shows it. */
import "./no-eval.ts";
import "@fontsource-variable/inter/opsz.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "@mantine/core/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "katex/dist/katex.min.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/parts.css";
import "./app/shell.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { LabPage } from "./lab-client/page.ts";
import { createPortDial } from "./lab-client/port-wire.ts";
import { applyTextSize, storedTextSize } from "./settings/text-size.ts";
import { takeKey } from "./lab-client/token.ts";
import { createWebSocketDial } from "./lab-client/web-socket-wire.ts";
import { windowBridge } from "./lab-client/window-bridge.ts";

// Before the first paint, so that a dark room stays dark; Mantine keeps it up to date from here.
const scheme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.setAttribute("data-mantine-color-scheme", scheme);

applyTextSize(storedTextSize());

const HOST = "host";
const shared = {
  nowMs: () => Date.now(),
  storage: window.sessionStorage,
  goTo: (screen: string) => {
    window.location.hash = `#${screen}`;
  },
};

async function createPage(): Promise<LabPage> {
  const bridge = windowBridge();
  if (bridge !== undefined) {
    const page = new LabPage({ ...shared, dialHost: createPortDial(HOST), dialLab: (key) => createPortDial(key ?? HOST) });
    bridge.onShow((key) => {
      const state = page.state();
      // Who looks at it already is not led away from where they are.
      if (state.kind !== "lab" || state.session.key !== key) page.host?.showExperiment(key, "/rounds");
    });
    return page;
  }
  const key = await takeKey(window);
  return new LabPage({
    ...shared,
    dialHost: key.opens === "host" ? createWebSocketDial(key, HOST) : undefined,
    dialLab: (experiment) => createWebSocketDial(key, experiment),
  });
}

const root = document.getElementById("root");
if (root === null) throw new Error("internal: index.html has no #root");
createRoot(root).render(<App page={await createPage()} />);
