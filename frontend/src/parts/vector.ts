// The chart as SVG, drawn again off the page: fetched only by those who ask for it.
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Theme } from "./theme";

use([SVGRenderer]);

// The drawing beneath its title and its days, as one picture.
function titled(drawing: string, size: { width: number; height: number }, { title, days, theme }: Head): string {
  const unit = theme.size, above = unit * 4, width = size.width + 2 * unit, height = size.height + above + unit;
  const line = (text: string, y: number, fill: string, more: string): string =>
    `<text x="${unit}" y="${y}" fill="${fill}" font-family="${plain(theme.font)}" ${more}>${plain(text)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${plain(title)}</title><desc>${plain(days)}</desc>`,
    `<rect width="100%" height="100%" fill="${plain(theme.surface)}"/>`,
    line(title, unit * 1.75, theme.ink, `font-size="${unit * 1.2}" font-weight="600"`),
    line(days, unit * 3.2, theme.quiet, `font-size="${unit}"`),
    `<g transform="translate(${unit} ${above})">${drawing}</g></svg>`,
  ].join("");
}

function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

interface Head { title: string; days: string; theme: Theme }

export function vector(option: object, size: { width: number; height: number }, head: Head): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  chart.setOption({ ...option, animation: false });
  const text = chart.renderToSVGString();
  chart.dispose();
  return titled(text, size, head);
}
