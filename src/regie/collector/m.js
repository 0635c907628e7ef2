/* Régie: first-party measurement. No cookie and nothing stored until consent is given. */
(() => {
  const tag = document.currentScript;
  if (!tag) return;
  const own = new URL(tag.src);
  const said = tag.dataset;
  const to = said.to || new URL("e", own).href;
  const year = 34128000; // thirteen months, never prolonged
  const calls = window.regie?.q || [];
  let consent = { granted: said.consent === "granted" };
  let page = "";
  let from = document.referrer;
  let waiting = [];
  let visitor = "";

  const id = () => crypto.randomUUID?.() || Date.now().toString(36) + Math.random().toString(36).slice(2);
  const kept = () => document.cookie.match(/(?:^|; )_rg=([\w-]+)/)?.[1] || "";

  const remember = () => {
    if (consent.granted && !navigator.globalPrivacyControl) {
      visitor = kept();
      if (!visitor) {
        visitor = id();
        document.cookie = `_rg=${visitor};path=/;max-age=${year};samesite=lax${location.protocol === "https:" ? ";secure" : ""}${said.domain ? `;domain=${said.domain}` : ""}`;
      }
    } else {
      if (kept()) document.cookie = `_rg=;path=/;max-age=0${said.domain ? `;domain=${said.domain}` : ""}`;
      visitor = "";
    }
  };

  const send = () => {
    if (!waiting.length) return;
    const batch = waiting.splice(0, 50);
    fetch(to, { method: "POST", body: JSON.stringify(batch), headers: { "content-type": "text/plain" }, keepalive: true, credentials: "omit" })
      .then((answer) => { if (answer.status > 499) throw answer; })
      .catch(() => { waiting = batch.concat(waiting).slice(-100); setTimeout(send, 5000); });
  };

  const event = (name, p = {}) => {
    waiting.push({ id: id(), name, site: said.site, url: location.href, referrer: from, visitor, consent, p });
    queueMicrotask(send);
  };

  const view = () => {
    if (page === location.pathname + location.search) return;
    if (page) from = "";
    page = location.pathname + location.search;
    event("page_view", { title: document.title.slice(0, 200) });
    fill();
  };

  // The source goes with the form: hidden fields are filled by us, never by the visitor.
  const fill = () => {
    const here = new URLSearchParams(location.search);
    const stored = consent.granted ? JSON.parse(sessionStorage.getItem("_rg") || "{}") : {};
    for (const [name, value] of here) if (/^utm_|clid$|^(li_fat_id|gbraid|wbraid|epik|ScCid|rdt_cid|rg)$/.test(name)) stored[name] = value.slice(0, 400);
    if (consent.granted) sessionStorage.setItem("_rg", JSON.stringify(stored));
    for (const field of document.querySelectorAll("input[type=hidden]")) if (field.name in stored && !field.value) field.value = stored[field.name];
  };

  const acts = {
    event,
    view,
    lead: (p) => event("lead", p),
    identify: (p) => event("identify", p),
    consent: (granted, more = {}) => {
      consent = { granted: !!granted, ...more };
      const was = visitor || kept();
      remember();
      // Who takes his yes back says so by the name he gave it by, and then has none.
      const now = visitor;
      visitor ||= was;
      event("consent", page ? { before: 1 } : {});
      visitor = now;
      fill();
    },
  };

  remember();
  window.regie = (act, ...rest) => acts[act]?.(...rest);
  for (const call of calls) window.regie(...call);
  for (const name of ["pushState", "replaceState"]) {
    const before = history[name];
    history[name] = function (...rest) {
      before.apply(this, rest);
      view();
    };
  }
  addEventListener("popstate", view);
  addEventListener("pagehide", send);
  addEventListener("submit", (happened) => {
    const form = happened.target;
    if (form.dataset?.regie) { fill(); event(form.dataset.regie, { form: form.name || form.id || "" }); send(); }
  }, true);
  view();
})();
