/** Drawings as files: SVG or PNG with the colours of the page, those of one figure in one file. */
import { saveUrl } from "../design/save-text.ts";

const STYLED = ["fill", "stroke", "color", "font-family", "font-size", "font-weight", "stroke-width", "stroke-opacity"] as const;
const SVG = "http://www.w3.org/2000/svg";
/** Above a drawing, for its title, in px. */
const TITLE = 28;

export type Drawing = { readonly svg: SVGSVGElement; readonly title: string };

/** The drawings within an element, each with the title that `data-drawing` gives it. */
export function drawingsIn(element: Element): Drawing[] {
  return [...element.querySelectorAll("svg")]
    .filter((svg) => svg.parentElement?.closest("svg") === null)
    .map((svg) => ({ svg, title: svg.closest("[data-drawing]")?.getAttribute("data-drawing") ?? "" }));
}

type Size = { readonly width: number; readonly height: number };

/**
 * One drawing that stands alone, the parts where they stand on the page: what the page's style sheets gave them is written
 * into it. Shown elements only.
 */
export function standaloneSvg(drawings: readonly Drawing[]): { readonly text: string; readonly size: Size } {
  const whole = document.createElementNS(SVG, "svg");
  const page = getComputedStyle(document.documentElement);
  const top = drawings.some(({ title }) => title !== "") ? TITLE : 0;
  const boxes = drawings.map(({ svg }) => svg.getBoundingClientRect());
  const [originX, originY] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  let [width, height] = [1, 1];
  drawings.forEach(({ svg, title }, i) => {
    const box = boxes[i];
    if (box === undefined) return;
    const copy = styledCopy(svg);
    const place = { x: box.left - originX, y: top + box.top - originY, width: box.width, height: box.height };
    for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(Math.round(value)));
    if (title !== "") whole.append(titleAt(Math.round(place.x), Math.round(place.y) - TITLE, title, page));
    whole.append(copy);
    width = Math.max(width, Math.round(place.x + place.width));
    height = Math.max(height, Math.round(place.y + place.height));
  });
  const size = { width, height };
  whole.setAttribute("xmlns", SVG);
  whole.setAttribute("width", String(size.width));
  whole.setAttribute("height", String(size.height));
  whole.style.setProperty("background", page.getPropertyValue("--surface"));
  return { text: new XMLSerializer().serializeToString(whole), size };
}

function titleAt(x: number, y: number, title: string, page: CSSStyleDeclaration): SVGTextElement {
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("x", String(x + 4));
  text.setAttribute("y", String(y + 18));
  text.style.setProperty("font", `600 12px ${page.fontFamily}`);
  text.style.setProperty("fill", page.getPropertyValue("--ink-1"));
  text.textContent = title;
  return text;
}

function styledCopy(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) throw new Error("internal: a drawing's copy is no drawing");
  const [originals, copies] = [drawing, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>("*")]);
  originals?.forEach((original, i) => {
    const style = getComputedStyle(original);
    const styled = copies?.[i];
    if (styled === undefined) return;
    for (const name of STYLED) {
      styled.style.setProperty(name, style.getPropertyValue(name));
      styled.removeAttribute(name);
    }
  });
  for (const left of copy.querySelectorAll("style")) left.remove();
  return copy;
}

const PIXELS = 2;

/** Two pixels a point. Rejects if the browser cannot draw it. */
export async function savePng(name: string, drawings: readonly Drawing[]): Promise<void> {
  const { text, size } = standaloneSvg(drawings);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PIXELS * size.width;
  canvas.height = PIXELS * size.height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no images");
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  saveUrl(name, canvas.toDataURL("image/png"));
}
