/** How the page looks in this browser: colours and the size of all text. */
import { useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { settingsText } from "../text/settings.ts";
import { keepTextSize, storedTextSize, TEXT_SIZES } from "./text-size.ts";

const text = settingsText.appearance;
const SCHEMES = ["auto", "light", "dark"] as const;

export function Appearance(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [size, setSize] = useState(storedTextSize);
  return (
    <>
      <fieldset className="setting">
        <legend className="unseen">{text.colours}</legend>
        <b aria-hidden="true">{text.colours}</b>
        <span className="row">
          {SCHEMES.map((scheme) => (
            <label key={scheme} className="row">
              <input
                type="radio"
                name="scheme"
                checked={colorScheme === scheme}
                onChange={() => {
                  setColorScheme(scheme);
                }}
              />
              {text.schemes[scheme]}
            </label>
          ))}
        </span>
      </fieldset>
      <label className="setting">
        <span>
          <b>{text.textSize}</b>
          <span className="ink-3 small-text">{text.textSub}</span>
        </span>
        <select
          className="select"
          value={size}
          onChange={(event) => {
            const chosen = Number(event.currentTarget.value);
            keepTextSize(chosen);
            setSize(chosen);
          }}
        >
          {TEXT_SIZES.map((one) => (
            <option key={one} value={one}>
              {text.percent(one)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
