// A tour of the page: a few stops, each beside what it shows. The page stays usable all the while;
// Escape leaves, the arrows go on and back, and the focus follows so that a screen reader reads.
import { keep } from "./preferences";

const GAP = 12;

export function tour(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.tour");
  const light = document.querySelector<HTMLElement>(".tour-light");
  if (!dialog || !light) return;
  const offer = document.querySelector<HTMLElement>(".tour-offer");
  const name = dialog.dataset.name ?? "";
  const left = `tour-${name}`;
  let stops: HTMLElement[] = [];
  let at = 0;
  let opener: HTMLElement | null = null;

  const place = (): void => {
    const shown = placeOf(stops[at]);
    if (!shown || !dialog.open) return;
    const box = shown.getBoundingClientRect();
    Object.assign(light.style, { top: `${box.top + scrollY}px`, left: `${box.left + scrollX}px`, width: `${box.width}px`, height: `${box.height}px` });
    beside(dialog, box);
  };
  const show = (index: number): void => {
    at = Math.max(0, Math.min(index, stops.length - 1));
    stops.forEach((stop, place) => { stop.hidden = place !== at; });
    const title = stops[at]?.querySelector<HTMLElement>("h2");
    dialog.setAttribute("aria-labelledby", title?.id ?? "");
    set(dialog, ".at", (one) => { one.textContent = `${at + 1} / ${stops.length}`; });
    set(dialog, "[data-back]", (one) => { one.hidden = at === 0; });
    set(dialog, "[data-next]", (one) => { one.hidden = at === stops.length - 1; });
    set(dialog, ".first[data-leaves]", (one) => { one.hidden = at !== stops.length - 1; });
    const shown = placeOf(stops[at]);
    const isTall = (shown?.offsetHeight ?? 0) > innerHeight / 2;
    shown?.scrollIntoView({ block: isTall ? "start" : "center" });
    place();
    title?.focus({ preventScroll: true });
    sessionStorage.setItem(left, String(at));
  };
  const start = (from: HTMLElement): void => {
    stops = [...dialog.querySelectorAll<HTMLElement>("[data-shows]")].filter((stop) => placeOf(stop));
    if (!stops.length) return;
    opener = offer?.contains(from) || from.closest("dialog") ? null : from;
    from.closest("dialog")?.close();
    remember();
    light.hidden = false;
    dialog.show();
    show(Number(sessionStorage.getItem(left) ?? 0));
  };
  const leave = (): void => {
    if (at === stops.length - 1) sessionStorage.removeItem(left);
    dialog.close();
    light.hidden = true;
    (opener ?? document.querySelector<HTMLElement>("#content"))?.focus({ preventScroll: true });
  };
  const remember = (): void => {
    offer?.remove();
    const seen = new Set((/(?:^|; )tour=([^;]*)/.exec(document.cookie)?.[1] ?? "").split(".").filter(Boolean));
    keep("tour", [...seen.add(name)].join("."));
  };

  for (const button of document.querySelectorAll<HTMLElement>("[data-tour]")) button.addEventListener("click", () => start(button));
  for (const button of dialog.querySelectorAll("[data-leaves]")) button.addEventListener("click", leave);
  dialog.querySelector("[data-back]")?.addEventListener("click", () => show(at - 1));
  dialog.querySelector("[data-next]")?.addEventListener("click", () => show(at + 1));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && dialog.open && !document.querySelector("dialog:modal")) leave();
  });
  for (const change of ["resize", "scroll"]) addEventListener(change, place, { passive: true });
  document.addEventListener("htmx:afterSettle", place);
  offer?.querySelector("[data-tour-declined]")?.addEventListener("click", remember);
  if (offer) offer.hidden = false;
}

function placeOf(stop: HTMLElement | undefined): HTMLElement | null {
  const found = stop ? document.querySelectorAll<HTMLElement>(stop.dataset.shows ?? "") : [];
  return [...found].find((one) => one.offsetParent !== null && !one.closest("dialog")) ?? null;
}

function set(root: Element, selector: string, act: (element: HTMLElement) => void): void {
  root.querySelectorAll<HTMLElement>(selector).forEach(act);
}

// Below what it shows, else above, else over its lower part; on a phone it is a sheet (see the styles).
function beside(dialog: HTMLElement, box: DOMRect): void {
  if (matchMedia("(max-width: 760px)").matches) {
    dialog.style.top = dialog.style.left = "";
    return;
  }
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const below = box.bottom + GAP;
  const top = below + height < innerHeight ? below : box.top - GAP - height > 0 ? box.top - GAP - height : innerHeight - height - 2 * GAP;
  dialog.style.top = `${Math.max(GAP, top)}px`;
  dialog.style.left = `${Math.max(GAP, Math.min(box.left, innerWidth - width - GAP))}px`;
}
