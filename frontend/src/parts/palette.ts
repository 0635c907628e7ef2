// Ctrl-K: every place and every command, found by any of its names, chosen by the arrows.
// What is one's own is read when the palette first opens, and stands below what is there at once.
import { plain } from "./menus";

export function palette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.palette");
  const input = dialog?.querySelector("input");
  const list = dialog?.querySelector("ul");
  if (!dialog || !input || !list) return;
  const nothing = dialog.querySelector<HTMLElement>(".nothing");
  const status = dialog.querySelector<HTMLElement>("[role='status']");
  let chosen = 0;
  let more: Promise<void> | undefined;

  const finder = list.querySelector<HTMLElement>("li[data-finds]");
  const sought = finder?.querySelector("a");
  const base = sought?.getAttribute("href") ?? "";
  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("li[data-command]")];
  const shown = (): HTMLElement[] => rows().filter((row) => !row.hidden);
  const reached = (): Element | undefined => shown()[chosen] ?? (finder && !finder.hidden ? finder : undefined);
  const target = (row: Element | undefined): HTMLElement | null | undefined => row?.querySelector<HTMLElement>("a, button");
  const mark = (): void => {
    list.querySelector(".chosen")?.classList.remove("chosen");
    const act = target(reached());
    act?.classList.add("chosen");
    act?.scrollIntoView({ block: "nearest" });
    if (chosen === 0) list.scrollTop = 0;
    if (status) status.textContent = act ? `${act.textContent?.trim() ?? ""}, ${chosen + 1} / ${Math.max(1, shown().length)}` : (nothing?.textContent ?? "");
  };
  const filter = (): void => {
    const words = plain(input.value).split(/\s+/);
    for (const row of rows()) {
      const names = plain(`${row.textContent ?? ""} ${row.dataset.words ?? ""}`);
      row.hidden = !words.every((word) => names.includes(word));
    }
    headings(list);
    if (nothing) nothing.hidden = shown().length > 0;
    // What no command is called may be the name of a campaign.
    if (finder && sought) {
      finder.hidden = shown().length > 0 || input.value.trim() === "";
      sought.href = `${base}${encodeURIComponent(input.value.trim())}#breakdown`;
    }
    chosen = 0;
    mark();
  };
  const fetchMore = async (): Promise<void> => {
    const address = dialog.dataset.more;
    if (!address) return;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    list.insertBefore(document.createRange().createContextualFragment(await answer.text()), finder);
    filter();
  };
  const open = (): void => {
    if (dialog.open) return dialog.close();
    for (const row of rows()) if (!isPossible(row)) row.remove();
    input.value = "";
    filter();
    dialog.showModal();
    input.focus();
    more ??= fetchMore().catch(() => { more = undefined; });
  };

  input.addEventListener("input", filter);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    const count = Math.max(1, shown().length);
    if (event.key === "ArrowDown") chosen = (chosen + 1) % count;
    else if (event.key === "ArrowUp") chosen = (chosen + count - 1) % count;
    else if (event.key !== "Enter" || event.target !== input) return;
    event.preventDefault();
    // Who types quickly may be looking for what is still being read.
    if (event.key === "Enter") void (shown().length ? Promise.resolve() : more)?.then(() => target(reached())?.click());
    else mark();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll("[data-opens='palette']")) button.addEventListener("click", open);
  dialog.querySelector("[data-prints]")?.addEventListener("click", () => { dialog.close(); print(); });
  help(dialog);
}

// A heading is shown when something stands under it.
function headings(list: Element): void {
  let heading: HTMLElement | undefined;
  for (const row of list.children as HTMLCollectionOf<HTMLElement>) {
    if (row.classList.contains("group")) {
      heading = row;
      row.hidden = true;
    } else if (!row.hidden && heading) heading.hidden = false;
  }
}

function isPossible(row: Element): boolean {
  return !row.querySelector("[data-opens='help']") || document.querySelector("dialog.help") !== null;
}

function help(palette: HTMLDialogElement): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.help");
  for (const button of document.querySelectorAll<HTMLElement>("[data-opens='help']")) {
    button.addEventListener("click", () => { palette.close(); dialog?.showModal(); });
  }
  dialog?.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
