// Small help with forms: a choice that takes effect at once, and a button that is pressed once.
import { once } from "./once";

export function forms(root: ParentNode): void {
  once<HTMLSelectElement>(root, "select[data-submits]", (select) => {
    select.addEventListener("change", () => select.form?.requestSubmit());
  });
  once<HTMLInputElement>(root, "input[data-here='time-zone']", (input) => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (here && input.value === input.defaultValue && !input.getAttribute("aria-invalid")) input.value = here;
  });
  // A link that would bring the form anew with other values sets them, and keeps what was typed.
  once<HTMLAnchorElement>(root, "a[data-fills]", (link) => {
    link.addEventListener("click", (event) => {
      const form = link.closest("form");
      if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      for (const [name, value] of new URLSearchParams(link.dataset.fills)) {
        const field = form.elements.namedItem(name);
        if (field instanceof HTMLInputElement) field.value = value;
      }
      for (const other of link.parentElement?.children ?? []) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    });
  });
  once<HTMLFormElement>(root, "form[data-once]", (form) => {
    form.addEventListener("submit", () => {
      for (const button of form.querySelectorAll<HTMLButtonElement>("button[type='submit']")) {
        setTimeout(() => { button.disabled = true; });
      }
    });
  });
}

// Coming back by the browser's button must not find a form that is locked.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("form[data-once] button:disabled")) button.disabled = false;
});
