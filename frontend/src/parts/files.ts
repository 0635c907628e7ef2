// The drop zone: shows which files were chosen, and takes those that are dropped on it.
import { once } from "./once";

export function files(root: ParentNode): void {
  once<HTMLElement>(root, ".drop", (zone) => {
    const input = zone.querySelector<HTMLInputElement>("input[type='file']");
    const form = zone.closest("form");
    const list = form?.querySelector(".chosen-files");
    if (!input || !form || !list) return;
    const submit = form.querySelector<HTMLButtonElement>("button[type='submit']");

    const show = (): void => {
      const chosen = [...(input.files ?? [])];
      list.replaceChildren(...chosen.map(line));
      if (submit) submit.disabled = chosen.length === 0;
    };
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
    }
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer?.files.length) return;
      input.files = event.dataTransfer.files;
      show();
    });
    input.addEventListener("change", show);
    show();
  });
}

function line(file: File): HTMLLIElement {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
  const size = Object.assign(document.createElement("span"), { className: "size", textContent: weight(file.size) });
  item.append(name, size);
  return item;
}

function weight(bytes: number): string {
  const language = document.documentElement.lang;
  const unit = bytes >= 1e6 ? "megabyte" : "kilobyte";
  const value = bytes >= 1e6 ? bytes / 1e6 : bytes / 1e3;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
