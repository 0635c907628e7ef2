// What is made ready for paper: the address as it stands now, and whatever must be drawn anew.
export function beforePrint(make: () => void): void {
  addEventListener("beforeprint", make);
  matchMedia("print").addEventListener("change", (event) => { if (event.matches) make(); });
}

export function paper(): void {
  beforePrint(() => {
    for (const one of document.querySelectorAll("[data-address]")) one.textContent = decodeURI(location.href);
  });
}
