/** Comparisons to judge in tests of the page: code, tables, lists, mathematics, earlier turns, and texts that must do nothing. */
import type { FakeComparison } from "./fake-queue.ts";

const RSYNC = `Use \`rsync\` instead of \`cp\` or \`scp\`. It keeps what already arrived and checks it before going on.

\`\`\`bash
# retry until rsync says it is done
until rsync -a --partial --append-verify \\
      --timeout=60 /var/log/app/ vault:/logs/
do
  echo "line dropped, trying again in 30 s"
  sleep 30
done
\`\`\`

- \`--partial\` keeps half-copied files on the other side.
- \`--append-verify\` continues them, then compares checksums of the whole file. If one differs, it is sent again.
- \`--timeout=60\` gives up on a dead line after a minute, so the loop can start over.

Files that are already complete are skipped, so a second run costs seconds. One warning: \`--append-verify\` assumes that the logs only grow.

Put the loop in a script, call it from your nightly job, and wrap it in \`flock\` so that two nights cannot run at once.`;

const TOOLS = `There are several ways to make a copy resumable. Which one fits depends on whether the other machine can run programs for you.

| Tool | Resumes | Needs on the other side |
| --- | --- | --- |
| \`scp\` | no | SSH |
| \`rsync\` | yes, per file | SSH and rsync |
| \`rclone\` | yes, per file | SFTP or S3 |

For most people \`rsync\` is the right choice:

\`\`\`
rsync -avP /var/log/app/ vault:/logs/
\`\`\`

\`-P\` means keep partial files and show progress. Run the same command again after the line has dropped and it will pick up where it stopped.

## If it has to run unattended

1. Create a key without a passphrase for the backup user.
2. Save the command as \`/usr/local/bin/copy-logs\`.
3. Add a timer that starts it every night and again after each failure.

You may also want to compress the logs first. Text usually shrinks to a tenth, and 4 GB is far less likely to be interrupted than 40.`;

/** A long comparison with earlier turns, as in the mock-up of the screen. */
export const NIGHTLY_COPY: FakeComparison = {
  askId: "ask-nightly-copy",
  messages: [
    { role: "user", content: "Which logs does the job copy?" },
    { role: "assistant", content: "Everything below /var/log/app, about 300 files." },
    {
      role: "user",
      content:
        "My nightly job copies about 40 GB of logs to another machine over a line that drops now and then. When it does, the copy starts again from zero. How can I make it go on where it stopped? A short script would help.",
    },
  ],
  first: TOOLS,
  second: RSYNC,
  isSwapped: true,
};

/** Markdown that would run, load or lead away if it were let. */
export const HOSTILE: FakeComparison = {
  askId: "ask-hostile",
  messages: [{ role: "user", content: "<b>Is this bold?</b> It costs $5 or $6." }],
  first: `<script>window.pwned = true</script><img src="http://127.0.0.1:9/track.png" onerror="window.pwned = true">

![a tracking picture](http://127.0.0.1:9/pixel.png) and [a link](javascript:window.pwned=true), [another](http://127.0.0.1:9/away)

It costs $5 or $6, and $$E = mc^2$$ stays.

- [ ] a box
- [x] a ticked box`,
  second: "",
  isSwapped: false,
};

/** `count` short ones, whose texts tell each other apart; every second one is shown the other way round. */
export function shortComparisons(count: number): FakeComparison[] {
  return Array.from({ length: count }, (_, i) => ({
    askId: `ask-${String(i + 1).padStart(3, "0")}`,
    messages: [{ role: "user" as const, content: `Question ${i + 1}: how do I keep bread fresh for ${i + 2} days?` }],
    first: `**Wrap it** in a cloth and keep it in a wooden box. (${i + 1} first)`,
    second: `Slice it, freeze it, and toast what you need.\n\nIt keeps for ${i + 2} weeks. (${i + 1} second)`,
    isSwapped: i % 2 === 1,
  }));
}
