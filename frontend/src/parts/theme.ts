// The one theme of all charts: it reads the tokens of the page, so light and dark are the same code.
interface Pattern {
  image: HTMLCanvasElement;
  repeat: "repeat";
}

export interface Theme {
  ink: string;
  quiet: string;
  line: string;
  surface: string;
  accent: string;
  font: string;
  size: number;
  colour(name: string): string;
  hatch(): Pattern | string;
}

export function readTheme(scheme = ""): Theme {
  // A token may be light-dark(…): the browser resolves it on an element, not in the token itself.
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.colorScheme = scheme;
  document.body.append(probe);
  const token = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["ink", "ink-2", "ink-3", "line", "line-strong", "surface", "accent", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];
  const colours = Object.fromEntries(names.map((name) => [name, token(name)]));
  probe.remove();
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const of = (name: string): string => colours[name] ?? colours.accent ?? "currentcolor";
  return {
    ink: of("ink"),
    quiet: of("ink-2"),
    line: of("line"),
    surface: of("surface"),
    accent: of("accent"),
    font: getComputedStyle(document.body).fontFamily,
    size: root * 0.75,
    colour: of,
    hatch: () => hatch(of("line-strong"), root / 16),
  };
}

function hatch(colour: string, scale: number): Pattern | string {
  const side = Math.round(8 * scale);
  const tile = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = tile.getContext("2d");
  if (!pen) return colour;
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.38;
  pen.lineWidth = scale;
  for (const from of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(from, side);
    pen.lineTo(from + side, 0);
    pen.stroke();
  }
  return { image: tile, repeat: "repeat" };
}
