/** Lint: type-checked rules for all code, and the bans of the house. */
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { house } from "./tools/checks/lint-rules.js";

const WORKER_TERMINATE = {
  selector: "CallExpression[callee.property.name='terminate']:matches([callee.object.name=/worker/i], [callee.object.property.name=/worker/i])",
  message: "Terminating a worker during a run of ONNX Runtime aborts the whole process; end the engine process instead.",
};
const DEFAULT_EXPORT = { selector: "ExportDefaultDeclaration", message: "Export by name; only the config files at the root export a default." };
const BARREL = { selector: "ExportAllDeclaration", message: "No barrels: import from the file that has it." };
const FORK = {
  selector: ":matches(CallExpression[callee.name='fork'], ImportSpecifier[imported.name='fork'], CallExpression[callee.property.name='fork'])",
  message: "Processes are started through ProcessHost; only main/host forks.",
};
const TOO_FAR_UP = {
  selector: "NewExpression[callee.name='URL'] > Literal[value=/^(?:\\.\\.\\u002F){3}/u]",
  message: "A build lies two folders below the root: name shipped files by resourcePath (main/lab/resources.ts).",
};
const NON_DETERMINISM = [
  { object: "Math", property: "random", message: "Randomness is an argument (app/base/random.ts), so that a round can be replayed." },
  { object: "Date", property: "now", message: "Time is an argument (Clock), so that a round can be replayed." },
];
const ELECTRON = { name: "electron", message: "Only main/electron imports electron." };
const FAST_CHECK = { name: "fast-check", message: "Take fc from tests/support/properties.ts: its cases are the same on every run." };

export default defineConfig(
  globalIgnores(["out/", "dist/", "coverage/", ".cache/", "tests/golden/", "tools/node/"]),
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { house },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // It refuses `Promise.withResolvers<void>()`.
      "@typescript-eslint/no-invalid-void-type": "off",
      // `[...text]` is how code points are counted.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `() => undefined` and `async` without `await` are how a synchronous driver fulfils an asynchronous port.
      "@typescript-eslint/require-await": "off",
      // Ports are records of functions, not objects with a `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", { max: 400 }],
      "no-console": "error",
      "no-restricted-imports": ["error", { paths: [ELECTRON, FAST_CHECK] }],
      "no-restricted-syntax": ["error", WORKER_TERMINATE, DEFAULT_EXPORT, BARREL, FORK, TOO_FAR_UP],
      "house/file-header": "error",
      "house/reasoned-assertion": "error",
    },
  },
  { files: ["*.config.ts"], rules: { "no-restricted-syntax": ["error", WORKER_TERMINATE, BARREL, FORK] } },
  { files: ["main/host/**"], rules: { "no-restricted-syntax": ["error", WORKER_TERMINATE, DEFAULT_EXPORT, BARREL, TOO_FAR_UP] } },
  {
    // Electron's own way to start a process is called fork as well.
    files: ["main/electron/**"],
    rules: { "no-restricted-imports": "off", "no-restricted-syntax": ["error", WORKER_TERMINATE, DEFAULT_EXPORT, BARREL, TOO_FAR_UP] },
  },
  { files: ["app/**"], rules: { "no-restricted-properties": ["error", ...NON_DETERMINISM] } },
  // Tables and SQL, which gain nothing from being cut.
  { files: ["main/store/migrations/**", "**/*.table.ts"], rules: { "max-lines": "off" } },
  { files: ["**/*.kernel.ts"], rules: { "@typescript-eslint/prefer-for-of": "off" } },
  { files: ["renderer/**"], extends: [reactHooks.configs.flat["recommended-latest"]] },
  {
    files: ["renderer/**/*.tsx"],
    rules: { "house/words-in-one-place": "error", "house/icon-has-word": "error", "house/rests-with-reason": "error" },
  },
  { files: ["renderer/design/button.tsx"], rules: { "house/rests-with-reason": "off" } },
  {
    // A test may say in an assertion what the test itself has just made, and is in no build.
    files: ["tests/**"],
    rules: {
      "no-restricted-syntax": ["error", WORKER_TERMINATE, DEFAULT_EXPORT, BARREL, FORK],
      "house/reasoned-assertion": "off",
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  { files: ["tests/support/properties.ts"], rules: { "no-restricted-imports": ["error", { paths: [ELECTRON] }] } },
  // What any Node must be able to parse, in order to say which Node is needed.
  { files: ["tools/run.cjs", "tools/setup/**/*.cjs"], languageOptions: { ecmaVersion: 2019, sourceType: "commonjs" } },
  { files: ["main/cli/nashlab.js"], languageOptions: { ecmaVersion: 2020 } },
);
