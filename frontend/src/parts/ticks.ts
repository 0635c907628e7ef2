// One box ticks every box of its list that can be seen.
import { once } from "./once";

export function ticks(root: ParentNode): void {
  once<HTMLInputElement>(root, "input[data-ticks]", (all) => {
    const boxes = (): HTMLInputElement[] => [...(all.form?.querySelectorAll<HTMLInputElement>(`input[name="${all.dataset.ticks}"]`) ?? [])];
    all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; });
    all.form?.addEventListener("change", () => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    });
  });
}
