// A button that puts a text on the clipboard, and says that it did.
import { once } from "./once";

export function copies(root: ParentNode): void {
  once<HTMLButtonElement>(root, "button[data-copies]", (button) => {
    const word = button.querySelector(".word");
    const before = word?.textContent ?? "";
    button.addEventListener("click", async () => {
      await put(button.dataset.copies ?? "");
      if (!word) return;
      word.textContent = button.dataset.copied ?? "";
      setTimeout(() => { word.textContent = before; }, 2000);
    });
  });
}

// Outside https browsers have no clipboard to write to: what is selected can still be copied.
async function put(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
