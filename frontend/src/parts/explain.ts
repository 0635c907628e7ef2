// "Where does this come from?" as a panel: a link works as a page without this, and in a new tab.
interface Htmx { ajax(verb: string, path: string, about: { target: Element; swap: string }): Promise<void> }

export function explain(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog.explain");
  const body = dialog?.querySelector<HTMLElement>(".body");
  const whole = dialog?.querySelector<HTMLAnchorElement>("[data-whole]");
  const { htmx } = window as unknown as { htmx?: Htmx };
  if (!dialog || !body || !whole || !htmx) return;

  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-explains]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    whole.href = link.href;
    const [path, part] = link.href.split("#");
    if (!dialog.open) {
      body.replaceChildren(...skeleton());
      dialog.showModal();
    }
    void htmx.ajax("GET", path ?? link.href, { target: body, swap: "innerHTML" }).then(() => {
      if (part) document.getElementById(part)?.scrollIntoView({ block: "start" });
      else body.scrollTop = 0;
    });
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

function skeleton(): HTMLElement[] {
  return ["line", "line", "tall"].map((kind) => Object.assign(document.createElement("div"), { className: `skeleton ${kind}` }));
}
