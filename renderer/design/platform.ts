/** Which keyboard the person has. */

/** True where Cmd stands for Ctrl. */
export function isMac(): boolean {
  return /Mac|iPhone|iPad/u.test(navigator.userAgent);
}
