/** Mantine in the lab's language: its variables point at the tokens, which follow the colour scheme themselves. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "var(--canvas)",
  "var(--hover)",
  "var(--selected)",
  "var(--line-1)",
  "var(--line-2)",
  "var(--line-3)",
  "var(--ink-off)",
  "var(--ink-3)",
  "var(--ink-2)",
  "var(--ink-1)",
];

const pop = "var(--shadow-pop)";

export const theme = createTheme({
  primaryColor: "ink",
  colors: { ink },
  primaryShade: { light: 9, dark: 9 },
  fontFamily: "var(--font-ui)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: {
    xs: "var(--text-11)",
    sm: "var(--text-12)",
    md: "var(--text-13)",
    lg: "var(--text-15)",
    xl: "var(--text-18)",
  },
  lineHeights: { xs: "1.45", sm: "1.34", md: "1.54", lg: "1.6", xl: "1.45" },
  fontWeights: { regular: "400", medium: "500", bold: "600" },
  spacing: {
    xs: "var(--space-1)",
    sm: "var(--space-2)",
    md: "var(--space-3)",
    lg: "var(--space-4)",
    xl: "var(--space-5)",
  },
  radius: {
    xs: "var(--radius-1)",
    sm: "var(--radius-2)",
    md: "var(--radius-3)",
    lg: "var(--radius-4)",
    xl: "var(--radius-4)",
  },
  defaultRadius: "sm",
  shadows: { xs: pop, sm: pop, md: pop, lg: pop, xl: pop },
  cursorType: "default",
  focusRing: "auto",
  respectReducedMotion: true,
  activeClassName: "",
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink-1)",
  "--mantine-color-dimmed": "var(--ink-3)",
  "--mantine-color-placeholder": "var(--ink-3)",
  "--mantine-color-anchor": "var(--ink-1)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-border": "var(--line-3)",
  "--mantine-color-disabled": "transparent",
  "--mantine-color-disabled-color": "var(--ink-off)",
  "--mantine-color-disabled-border": "var(--line-1)",
  "--mantine-primary-color-filled": "var(--ink-1)",
  "--mantine-primary-color-filled-hover": "var(--ink-hover)",
  "--mantine-primary-color-contrast": "var(--on-ink)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
