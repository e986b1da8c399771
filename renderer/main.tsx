/** The page's beginning: takes the token, connects to the lab and shows the shell. */
import "@fontsource-variable/inter/opsz.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "@mantine/core/styles.layer.css";
import "katex/dist/katex.min.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/parts.css";
import "./app/shell.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { LabNews } from "./lab-client/follow-events.ts";
import { LabConnection } from "./lab-client/lab-connection.ts";
import { createLabQueries, createQueryClient } from "./lab-client/lab-queries.ts";
import { takeToken } from "./lab-client/token.ts";
import { createWebSocketDial } from "./lab-client/web-socket-wire.ts";

// Before the first paint, so that a dark room stays dark; Mantine keeps it up to date from here.
const scheme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.setAttribute("data-mantine-color-scheme", scheme);

const connection = new LabConnection({ dial: createWebSocketDial(takeToken(window)), nowMs: () => Date.now() });
const queries = createLabQueries(connection.client);
const queryClient = createQueryClient();
const news = new LabNews(connection, queryClient, queries);

const root = document.getElementById("root");
if (root === null) throw new Error("internal: index.html has no #root");
createRoot(root).render(<App lab={{ connection, queries, news }} queryClient={queryClient} />);
