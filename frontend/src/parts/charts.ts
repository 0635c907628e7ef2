// Finds the charts of a page and fetches the drawing code only when there is one.
import { once } from "./once";

export function charts(root: ParentNode): void {
  once<HTMLElement>(root, "figure[data-chart]", (figure) => {
    toggles(figure);
    const spec = figure.querySelector("script[type='application/json']")?.textContent;
    const canvas = figure.querySelector<HTMLElement>(".canvas");
    if (!spec || !canvas) return;
    void import("./draw").then(({ draw }) => draw(figure, canvas, JSON.parse(spec)));
  });
}

function toggles(figure: HTMLElement): void {
  const button = figure.querySelector<HTMLButtonElement>("[data-toggles='table']");
  const table = figure.querySelector<HTMLElement>(".chart-table");
  const drawing = figure.querySelector<HTMLElement>(".drawing");
  button?.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    if (table) table.hidden = !on;
    if (drawing) drawing.hidden = on;
  });
}
