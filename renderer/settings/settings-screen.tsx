/** The settings, a section each on one page: this machine, judges, budget, the experiment, its prompts, looks, keys, backups. */
import { type ReactNode } from "react";
import { useActions } from "../commands/use-actions.ts";
import { settingsText as text } from "../text/settings.ts";
import { About } from "./about.tsx";
import { Appearance } from "./appearance.tsx";
import { Backups } from "./backups.tsx";
import { Devices } from "./devices.tsx";
import { DiskSpace } from "./disk-space.tsx";
import { Engine } from "./engine.tsx";
import { ExperimentSettings } from "./experiment-settings.tsx";
import { Judges } from "./judges.tsx";
import { Keyboard } from "./keyboard.tsx";
import { Network } from "./network.tsx";
import { Prompts } from "./prompts.tsx";
import { SupportReport } from "./support-report.tsx";
import "./settings.css";

const SECTIONS = [
  { key: "devices", Section: Devices },
  { key: "engine", Section: Engine },
  { key: "judges", Section: Judges },
  { key: "network", Section: Network },
  { key: "experiment", Section: ExperimentSettings },
  { key: "prompts", Section: Prompts },
  { key: "appearance", Section: Appearance },
  { key: "keyboard", Section: Keyboard },
  { key: "backups", Section: Backups },
  { key: "disk", Section: DiskSpace },
  { key: "report", Section: SupportReport },
  { key: "about", Section: About },
] as const;

function goTo(key: (typeof SECTIONS)[number]["key"]): void {
  const heading = document.getElementById(`settings-${key}`);
  heading?.scrollIntoView();
  heading?.focus();
}

export function SettingsScreen(): ReactNode {
  useActions(
    text.title,
    SECTIONS.map(({ key }) => ({
      id: `settings.section.${key}`,
      label: text.section(text.sections[key]),
      run: () => {
        goTo(key);
      },
    })),
  );
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
      </header>
      <div className="settings">
        <nav aria-label={text.title} className="settings-nav">
          {SECTIONS.map(({ key }) => (
            <button
              key={key}
              type="button"
              className="nav-item"
              onClick={() => {
                goTo(key);
              }}
            >
              {text.sections[key]}
            </button>
          ))}
        </nav>
        <div className="settings-body" tabIndex={0} role="region" aria-label={text.title}>
          {SECTIONS.map(({ key, Section }) => (
            <section key={key} aria-labelledby={`settings-${key}`}>
              <h2 id={`settings-${key}`} tabIndex={-1}>
                {text.sections[key]}
              </h2>
              <Section />
            </section>
          ))}
        </div>
      </div>
    </main>
  );
}
