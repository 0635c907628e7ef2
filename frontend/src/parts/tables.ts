// Tables: how dense they are is a cookie, and what is being typed is never lost to an older answer.
import { keep } from "./preferences";

export function tables(): void {
  const root = document.documentElement;
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-density-switch]");
    if (!button) return;
    const density = root.dataset.density === "compact" ? "comfortable" : "compact";
    root.dataset.density = density;
    keep("density", density);
    button.setAttribute("aria-pressed", String(density === "compact"));
  });
  // Two rows are compared at a time: with two ticked, others wait.
  document.addEventListener("change", (event) => {
    if (!(event.target as Element).matches("[data-pick]")) return;
    const boxes = [...document.querySelectorAll<HTMLInputElement>("[data-pick]")];
    const isFull = boxes.filter((box) => box.checked).length >= 2;
    for (const box of boxes) box.disabled = isFull && !box.checked;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as CustomEvent<{ target: Element; shouldSwap: boolean; requestConfig: { elt: Element; parameters: Record<string, unknown> } }>;
    const typed = document.querySelector<HTMLInputElement>("#find-rows");
    if (detail.target.id !== "breakdown" || !typed || !detail.requestConfig.elt.matches(".find-rows")) return;
    if (typed.value !== String(detail.requestConfig.parameters.find ?? "")) detail.shouldSwap = false;
  });
}
