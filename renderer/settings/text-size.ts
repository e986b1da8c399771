/** How large all text is, in this browser: everything is measured in rem, so one number on the page's root does it. */

const KEY = "nashlab.textSize";
/** In per cent of the browser's own size. */
export const TEXT_SIZES = [90, 100, 110, 125, 150, 200] as const;
const USUAL = 100;

export function storedTextSize(): number {
  const stored = Number(window.localStorage.getItem(KEY) ?? USUAL);
  return TEXT_SIZES.some((size) => size === stored) ? stored : USUAL;
}

export function applyTextSize(percent: number): void {
  document.documentElement.style.fontSize = percent === USUAL ? "" : `${percent}%`;
}

export function keepTextSize(percent: number): void {
  window.localStorage.setItem(KEY, String(percent));
  applyTextSize(percent);
}
