/** The keys of this page, as its commands have them. */
import type { ReactNode } from "react";
import { useAllCommands } from "../commands/command-context.tsx";
import { capsOfBinding } from "../commands/command-store.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { settingsText } from "../text/settings.ts";

const text = settingsText.keyboard;

export function Keyboard(): ReactNode {
  const commands = useAllCommands().filter((command) => command.keys !== undefined);
  const isMac = navigator.userAgent.includes("Mac");
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {commands.length === 0 && <p className="ink-2">{text.none}</p>}
      {commands.map((command) => (
        <p key={command.id} className="setting">
          <span>{command.label}</span>
          <span className="row">
            <KeyCap keys={capsOfBinding(command.keys ?? "", isMac)} />
          </span>
        </p>
      ))}
    </>
  );
}
