// Menus are <details>: this closes them on Escape, on a click elsewhere and when another opens.
import { once } from "./once";

export function menus(): void {
  const opened = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];

  document.addEventListener("click", (event) => {
    const isDone = (event.target as Element).closest("[data-saves], a[download]") !== null;
    for (const menu of opened()) if (isDone || !menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const menu = (document.activeElement as Element | null)?.closest<HTMLDetailsElement>("details.menu[open]");
    if (!menu || document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLSelectElement) return;
    const items = [...menu.querySelectorAll<HTMLElement>(".sheet a, .sheet button.item")].filter((item) => item.offsetParent);
    const index = items.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1);
    items[(index + items.length) % items.length]?.focus();
    event.preventDefault();
  });
}

// On a phone a row of pages is wider than the screen: the current one stands in its middle.
export function pages(): void {
  for (const current of document.querySelectorAll<HTMLElement>(".console-areas [aria-current]")) {
    const row = current.parentElement;
    if (row) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2 - row.offsetLeft;
  }
}

export function narrows(root: ParentNode): void {
  once<HTMLInputElement>(root, "[data-narrows]", (input) => {
    const list = document.getElementById(input.dataset.narrows ?? "");
    input.addEventListener("input", () => narrow(list, input.value));
  });
}

export function narrow(list: Element | null, typed: string): void {
  const wanted = plain(typed);
  const isOther = (item: Element): boolean => wanted !== "" && !plain(item.textContent ?? "").includes(wanted);
  for (const item of list?.children ?? []) {
    const inside = item instanceof HTMLFieldSetElement ? [...item.querySelectorAll<HTMLElement>(".choice")] : [];
    for (const one of inside) one.hidden = isOther(one);
    // A group goes with the last of its own.
    (item as HTMLElement).hidden = inside.length ? inside.every((one) => one.hidden) : isOther(item);
  }
}

// "Genève" is found by "geneve": accents are no obstacle to finding.
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
