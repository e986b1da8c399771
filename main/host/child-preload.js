/** Loaded into every forked child before its entry: the child ends with its parent, and only through it. */

// The channel closes when the parent is gone, killed or not. The child may be inside a computation on another thread,
// which an orderly exit would wait for or abort noisily.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

// Ctrl-C reaches every process of the terminal; the parent pauses its run first and then ends the child.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
