/** Ends a test run with what was passed over and why, what failed, and one line of counts. */
import type { Reporter, TestCase, TestModule } from "vitest/node";

type Counts = { passed: number; failed: number; readonly skipped: TestCase[] };

/** A reporter for Vitest; prints to standard output. */
export class SummaryReporter implements Reporter {
  /** Lines to say before the counts, asked for when the run has ended. */
  readonly #notes: () => readonly string[];

  constructor(notes: () => readonly string[] = () => []) {
    this.#notes = notes;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    process.stdout.write([...this.#notes(), summaryOf(modules, unhandledErrors.length)].map((line) => `${line}\n`).join(""));
  }
}

/** The closing lines; a file that could not be loaded and an error outside of any test count as failures. */
export function summaryOf(modules: readonly TestModule[], unhandledErrorCount: number): string {
  const counts: Counts = { passed: 0, failed: unhandledErrorCount, skipped: [] };
  for (const module of modules) {
    const tests = [...module.children.allTests()];
    for (const test of tests) count(test, counts);
    const hasFailedTest = tests.some((test) => test.result().state === "failed");
    if (!module.ok() && !hasFailedTest) counts.failed += 1;
  }
  return [...skippedLines(counts.skipped), `${counts.passed} passed, ${counts.failed} failed`].join("\n");
}

function count(test: TestCase, counts: Counts): void {
  const { state } = test.result();
  if (state === "passed") counts.passed += 1;
  else if (state === "skipped") counts.skipped.push(test);
  // A test that never ran to its end did not pass.
  else counts.failed += 1;
}

function skippedLines(tests: readonly TestCase[]): string[] {
  if (tests.length === 0) return [];
  return [
    `${tests.length} skipped, NOT tested on this machine:`,
    ...tests.map((test) => `  ${test.module.relativeModuleId} > ${test.fullName}${reasonOf(test)}`),
  ];
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return result.state === "skipped" && result.note !== undefined ? `: ${result.note}` : "";
}
