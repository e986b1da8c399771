/** The offline switch that the environment holds, for every host alike. */

/** Whether NASHLAB_OFFLINE says that nothing may leave this machine; empty and 0 say nothing. */
export function isOfflineByEnvironment(env: Readonly<Record<string, string | undefined>>): boolean {
  return !["", "0", undefined].includes(env["NASHLAB_OFFLINE"]);
}
