// Applies a behaviour to each element one time, however often a page is enlivened.
const done = new WeakMap<Element, Set<string>>();

export function once<T extends Element>(root: ParentNode, selector: string, act: (element: T) => void): void {
  for (const element of root.querySelectorAll<T>(selector)) {
    const seen = done.get(element) ?? new Set<string>();
    if (seen.has(selector)) continue;
    done.set(element, seen.add(selector));
    act(element);
  }
}
