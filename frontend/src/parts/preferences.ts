// Theme and rail are cookies, so that the server draws the next page right from the start.
const YEAR = 365 * 24 * 3600;

export function keep(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
}

export function preferences(): void {
  const root = document.documentElement;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-theme-choice]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const theme = button.dataset.themeChoice ?? "system";
      root.dataset.theme = theme;
      keep("theme", theme);
      for (const other of document.querySelectorAll<HTMLButtonElement>("button[data-theme-choice]")) {
        other.setAttribute("aria-pressed", String(other.dataset.themeChoice === theme));
      }
      document.dispatchEvent(new CustomEvent("regie:theme"));
      button.closest("dialog")?.close();
    });
  }
  document.querySelector(".rail .fold")?.addEventListener("click", (event) => {
    const rail = root.dataset.rail === "narrow" ? "wide" : "narrow";
    root.dataset.rail = rail;
    keep("rail", rail);
    (event.currentTarget as Element).setAttribute("aria-expanded", String(rail === "wide"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent("regie:theme"));
  });
}
