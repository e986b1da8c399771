/** Hands files to the person: tables as CSV, drawings as SVG or PNG with the colours of the page. */

/** Saves a text through the browser's own download. */
export function saveText(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  save(name, url);
  URL.revokeObjectURL(url);
}

function save(name: string, url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

const STYLED = ["fill", "stroke", "color", "font-family", "font-size", "font-weight", "stroke-width", "stroke-opacity"] as const;

/** A drawing that stands alone: what the page's style sheets gave it is written into it. Shown elements only. */
export function standaloneSvg(drawing: SVGSVGElement): string {
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
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(Math.round(width)));
  copy.setAttribute("height", String(Math.round(height)));
  copy.style.setProperty("background", getComputedStyle(document.documentElement).getPropertyValue("--surface"));
  for (const left of copy.querySelectorAll("style")) left.remove();
  return new XMLSerializer().serializeToString(copy);
}

const PIXELS = 2;

/** Two pixels a point. Rejects if the browser cannot draw it. */
export async function savePng(name: string, drawing: SVGSVGElement): Promise<void> {
  const { width, height } = drawing.getBoundingClientRect();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standaloneSvg(drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PIXELS * Math.round(width);
  canvas.height = PIXELS * Math.round(height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no images");
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  save(name, canvas.toDataURL("image/png"));
}
