/**
 * Preloaded into processes (NODE_OPTIONS=--import): notes each process and each attempt at the network in $NETWORK_LOG,
 * and refuses the latter. Sockets of this machine that have a path are no network.
 */
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import net from "node:net";

function note(line: string): void {
  appendFileSync(process.env["NETWORK_LOG"] ?? "", `${line}\n`);
}

function refuse(what: string): never {
  note(`attempt ${what}`);
  throw new Error(`the network is cut: ${what}`);
}

note(`process ${process.argv[1] ?? ""}`);

/** As Node calls it: a path, a port, options, or an array that begins with options. */
type Target = string | number | { readonly path?: string };

const prototype = net.Socket.prototype as { connect(this: net.Socket, ...args: unknown[]): net.Socket }; // one form for all overloads
const connect = prototype.connect;
prototype.connect = function connectInside(...args) {
  const first = args[0] as Target | readonly [Target]; // see Target
  const target: Target = Array.isArray(first) ? (first as readonly [Target])[0] : (first as Target); // told apart by the line before
  const path = typeof target === "object" ? target.path : target;
  if (typeof path === "string" && !/^\d+$/u.test(path)) return connect.apply(this, args);
  refuse(`connect ${JSON.stringify(target)}`);
};

for (const name of ["lookup", "resolve", "resolve4", "resolve6"] as const) {
  Object.assign(dns, { [name]: (host: unknown) => refuse(`${name} ${String(host)}`) });
  Object.assign(dns.promises, { [name]: (host: unknown) => refuse(`${name} ${String(host)}`) });
}
