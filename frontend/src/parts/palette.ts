// Ctrl-K: every place and every command, found by typing, chosen by the arrows.
import { plain } from "./menus";

export function palette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.palette");
  const input = dialog?.querySelector("input");
  if (!dialog || !input) return;
  const rows = [...dialog.querySelectorAll<HTMLElement>("li[data-command]")];
  const nothing = dialog.querySelector<HTMLElement>(".nothing");
  let chosen = 0;

  const shown = (): HTMLElement[] => rows.filter((row) => !row.hidden);
  const mark = (): void => {
    rows.forEach((row) => row.firstElementChild?.classList.remove("chosen"));
    const row = shown()[chosen];
    const target = row?.querySelector<HTMLElement>("a, button");
    target?.classList.add("chosen");
    target?.scrollIntoView({ block: "nearest" });
  };
  const filter = (): void => {
    const words = plain(input.value).split(/\s+/);
    for (const row of rows) row.hidden = !words.every((word) => plain(row.textContent ?? "").includes(word));
    if (nothing) nothing.hidden = shown().length > 0;
    chosen = 0;
    mark();
  };
  const open = (): void => {
    if (dialog.open) return dialog.close();
    input.value = "";
    filter();
    dialog.showModal();
    input.focus();
  };

  input.addEventListener("input", filter);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    const count = shown().length;
    if (event.key === "ArrowDown") chosen = (chosen + 1) % Math.max(1, count);
    else if (event.key === "ArrowUp") chosen = (chosen + count - 1) % Math.max(1, count);
    else if (event.key === "Enter") shown()[chosen]?.querySelector<HTMLElement>("a, button")?.click();
    else return;
    event.preventDefault();
    mark();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll("[data-opens='palette']")) button.addEventListener("click", open);
  for (const button of document.querySelectorAll<HTMLElement>("[data-opens='help']")) {
    button.addEventListener("click", () => document.querySelector<HTMLDialogElement>("dialog.help")?.showModal());
  }
  const help = document.querySelector<HTMLDialogElement>("dialog.help");
  help?.addEventListener("click", (event) => { if (event.target === help) help.close(); });
}
