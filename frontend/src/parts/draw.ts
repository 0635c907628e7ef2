// Draws a chart from what the server wrote: texts come formatted, this only places them.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { beforePrint } from "./paper";
import { readTheme, type Theme } from "./theme";

use([LineChart, BarChart, GridComponent, TooltipComponent, MarkAreaComponent, MarkLineComponent, CanvasRenderer]);

interface Series {
  name: string;
  colour: string;
  comparison: boolean;
  target: boolean;
  values: (number | null)[];
  texts: string[];
  days: string[];
}

interface Happening { number: number; text: string; from: number; to: number }

export interface Spec {
  title: string;
  days: string;
  file: string;
  bars: boolean;
  labels: string[];
  axis: { low: number; high: number; step: number; labels: string[] };
  series: Series[];
  provisional: number | null;
  provisional_word: string;
  events: Happening[];
}

export function draw(figure: HTMLElement, canvas: HTMLElement, spec: Spec): void {
  const chart = init(canvas, null, { renderer: "canvas" });
  const paint = (): void => { chart.setOption(option(spec, readTheme()), { notMerge: true }); };
  paint();
  // The font may come after the chart: letters would keep the fallback's widths.
  void document.fonts.ready.then(paint);
  document.addEventListener("regie:theme", paint);
  beforePrint(() => { onPaper(canvas, spec); });
  new ResizeObserver(() => { if (canvas.clientWidth > 0) chart.resize(); }).observe(canvas);
  figure.querySelector("[data-saves='png']")?.addEventListener("click", () => save(chart, spec));
  figure.querySelector("[data-saves='svg']")?.addEventListener("click", () => void saveVector(canvas, spec));
  figure.dataset.drawn = "true";
}

function option(spec: Spec, theme: Theme): Parameters<EChartsType["setOption"]>[0] {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    animationDuration: 150,
    textStyle: { fontFamily: theme.font, fontSize: theme.size },
    grid: { left: 2, right: theme.size, top: spec.events.length ? theme.size * 2.4 : theme.size, bottom: 2, containLabel: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      axisPointer: { type: spec.bars ? "shadow" : "line", lineStyle: { color: theme.quiet, width: 1 }, shadowStyle: { color: theme.line, opacity: 0.5 } },
      padding: 0,
      borderWidth: 0,
      backgroundColor: "transparent",
      extraCssText: "box-shadow: none",
      formatter: (given: unknown) => tip(spec, (given as { dataIndex: number }[])[0]?.dataIndex ?? 0),
    },
    xAxis: {
      type: "category",
      data: spec.labels,
      boundaryGap: spec.bars,
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
      axisLabel: { color: theme.quiet, fontSize: theme.size, hideOverlap: true, margin: theme.size * 0.8, alignMaxLabel: spec.bars ? undefined : "right" },
    },
    yAxis: {
      type: "value",
      min: spec.axis.low,
      max: spec.axis.high,
      interval: spec.axis.step,
      axisLabel: { color: theme.quiet, fontSize: theme.size, formatter: (value: number) => spec.axis.labels[Math.round((value - spec.axis.low) / spec.axis.step)] ?? "" },
      splitLine: { lineStyle: { color: theme.line } },
    },
    series: [...spec.series.map((series, index) => drawn(spec, series, index, theme)), ...(spec.events.length ? [happenings(spec, theme)] : [])],
  };
}

function drawn(spec: Spec, series: Series, index: number, theme: Theme): object {
  if (series.target) return aim(series, theme);
  const colour = series.comparison ? theme.colour("ink-3") : theme.colour(series.colour);
  const area = index === 0 && spec.provisional !== null ? provisional(spec, spec.provisional, theme) : undefined;
  if (spec.bars && !series.comparison) {
    return { type: "bar", name: series.name, data: series.values, itemStyle: { color: colour, borderRadius: [2, 2, 0, 0] }, barMaxWidth: theme.size * 4, markArea: area };
  }
  const width = theme.size / 12;
  return {
    type: "line",
    name: series.name,
    data: series.values,
    z: series.comparison ? 2 : 3,
    symbol: "circle",
    showSymbol: true,
    // A point without neighbours has no line to be seen by.
    symbolSize: (_value: unknown, point: { dataIndex: number }) => (isAlone(series.values, point.dataIndex) ? theme.size * 0.55 : 0),
    lineStyle: { color: colour, width: series.comparison ? 1.5 * width : 2.25 * width, type: series.comparison ? [5 * width, 4 * width] : "solid" },
    itemStyle: { color: colour },
    areaStyle: index === 0 && spec.series.filter((one) => !one.comparison && !one.target).length === 1 ? { color: colour, opacity: 0.07 } : undefined,
    markArea: area,
    emphasis: { disabled: false, lineStyle: { width: series.comparison ? 1.5 * width : 2.25 * width } },
  };
}

// Numbers above the plot, as in the list beneath it; what lasts has a tint over its days.
function happenings(spec: Spec, theme: Theme): object {
  const starts = new Map<number, number[]>();
  for (const one of spec.events) starts.set(one.from, [...(starts.get(one.from) ?? []), one.number]);
  const said = (numbers: number[]): string => (numbers.length > 2 ? `${numbers[0]}–${numbers[numbers.length - 1]}` : numbers.join(", "));
  return {
    type: "line",
    data: spec.labels.map(() => null),
    silent: true,
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      lineStyle: { color: theme.quiet, width: theme.size / 12, type: "solid", opacity: 0.55 },
      label: { position: "end", opacity: 1, distance: theme.size / 3, color: theme.surface, backgroundColor: theme.quiet, borderRadius: theme.size, padding: [theme.size / 3.4, theme.size / 2], fontSize: theme.size * 0.85, fontWeight: 600, fontFamily: theme.font },
      data: [...starts].map(([place, numbers]) => ({ xAxis: place, label: { formatter: said(numbers) } })),
    },
    markArea: {
      silent: true,
      animation: false,
      itemStyle: { color: theme.quiet, opacity: 0.1 },
      data: spec.events.filter((one) => one.to > one.from).map((one) => [{ xAxis: one.from }, { xAxis: one.to }]),
    },
  };
}

// What is aimed at: a thin stepped line over everything, told apart by its dots.
function aim(series: Series, theme: Theme): object {
  const line = { color: theme.ink, width: theme.size / 8, type: "dotted" };
  return { type: "line", name: series.name, data: series.values, z: 4, step: "middle", symbol: "none", lineStyle: line, itemStyle: { color: theme.ink }, emphasis: { lineStyle: line } };
}

function isAlone(values: (number | null)[], index: number): boolean {
  return (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
}

function provisional(spec: Spec, from: number, theme: Theme): object {
  const start = Math.max(0, spec.bars ? from : from - (from > 0 ? 1 : 0));
  return {
    silent: true,
    itemStyle: { color: theme.hatch() },
    data: [[{ xAxis: spec.labels[start] }, { xAxis: spec.labels[spec.labels.length - 1] }]],
  };
}

// Built of elements, never of a string: names come from files of other people.
function tip(spec: Spec, index: number): HTMLElement {
  const box = document.createElement("div");
  box.className = "chart-tip";
  const say = (className: string, text: string): void => {
    box.append(Object.assign(document.createElement("span"), { className, textContent: text }));
  };
  for (const series of spec.series) {
    if (series.texts[index] === undefined) continue;
    say("value", spec.series.filter((one) => !one.comparison).length > 1 ? `${series.name} ${series.texts[index]}` : series.texts[index] ?? "");
    say("day", series.days[index] ?? "");
  }
  if (spec.provisional !== null && index >= spec.provisional) say("mark", spec.provisional_word);
  for (const one of spec.events) if (one.from <= index && index <= one.to) say("mark", `${one.number} · ${one.text}`);
  return box;
}

// On paper the chart is drawn anew: in light colours, for the width of a sheet, fine enough for ink.
function onPaper(canvas: HTMLElement, spec: Spec): void {
  if (canvas.parentElement?.querySelector(".paper")) return;
  const sheet = init(document.createElement("div"), null, { renderer: "canvas", width: 700, height: 230 });
  sheet.setOption({ ...option(spec, { ...readTheme("light"), size: 11 }), animation: false });
  const drawn = sheet.renderToCanvas({ pixelRatio: 3 });
  drawn.style.cssText = "";
  drawn.className = "paper";
  drawn.ariaHidden = "true";
  canvas.after(drawn);
  sheet.dispose();
}

async function saveVector(canvas: HTMLElement, spec: Spec): Promise<void> {
  const { vector } = await import("./vector");
  const page = readTheme();
  // Names of fonts stand within an attribute, whose quotes they must not close.
  const theme = { ...page, font: page.font.replaceAll('"', "'") };
  const size = { width: canvas.clientWidth || 960, height: canvas.clientHeight || 320 };
  // A vector drawing has no hatched canvas: its provisional days are a plain tint.
  const text = vector({ ...option(spec, { ...theme, hatch: () => theme.line }), backgroundColor: theme.surface }, size, { title: spec.title, days: spec.days, theme });
  give(new Blob([text], { type: "image/svg+xml" }), `${spec.file}.svg`);
}

// A picture leaves the page with its title and its days above it.
function save(chart: EChartsType, spec: Spec): void {
  const theme = readTheme(), scale = 2, unit = theme.size * scale, head = unit * 4;
  const drawn = chart.renderToCanvas({ pixelRatio: scale, backgroundColor: theme.surface });
  const whole = Object.assign(document.createElement("canvas"), { width: drawn.width + 2 * unit, height: drawn.height + head + unit });
  const pen = whole.getContext("2d");
  if (!pen) return;
  pen.fillStyle = theme.surface;
  pen.fillRect(0, 0, whole.width, whole.height);
  pen.fillStyle = theme.ink;
  pen.font = `600 ${unit * 1.2}px ${theme.font}`;
  pen.fillText(spec.title, unit, unit * 1.75);
  pen.fillStyle = theme.quiet;
  pen.font = `${unit}px ${theme.font}`;
  pen.fillText(spec.days, unit, unit * 3.2);
  pen.drawImage(drawn, unit, head);
  whole.toBlob((blob) => { if (blob) give(blob, `${spec.file}.png`); }, "image/png");
}

function give(blob: Blob, file: string): void {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
