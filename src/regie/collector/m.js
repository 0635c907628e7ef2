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
  let ready = false;
  let answered = said.consent === "granted";

  const id = () => crypto.randomUUID?.() || Date.now().toString(36) + Math.random().toString(36).slice(2);
  const kept = () => document.cookie.match(/(?:^|; )_rg=([\w-]+)/)?.[1] || "";

  const remember = () => {
    if (navigator.globalPrivacyControl) {
      consent = { ...consent, granted: false, gpc: true };
      answered = true;
    }
    if (consent.granted) {
      visitor = kept();
      if (!visitor) {
        visitor = id();
        document.cookie = `_rg=${visitor};path=/;max-age=${year};samesite=lax${location.protocol === "https:" ? ";secure" : ""}${said.domain ? `;domain=${said.domain}` : ""}`;
      }
    } else {
      // As long as the banner has not spoken, an earlier yes is neither used nor forgotten.
      if (answered) {
        if (kept()) document.cookie = `_rg=;path=/;max-age=0${said.domain ? `;domain=${said.domain}` : ""}`;
        sessionStorage.removeItem("_rg");
      }
      visitor = "";
    }
  };

  const send = () => {
    if (waiting.length) post(waiting.splice(0, 50));
  };

  const post = (batch) => {
    fetch(to, { method: "POST", body: JSON.stringify(batch), headers: { "content-type": "text/plain" }, keepalive: true, credentials: "omit" })
      .then((answer) => {
        if (answer.status > 499) throw answer;
        // One that cannot be read takes no other with it.
        if (answer.status === 400 && batch[1]) for (const one of batch) post([one]);
      })
      .catch(() => { waiting = batch.concat(waiting).slice(-100); setTimeout(send, 5000); });
  };

  const event = (name, p = {}) => {
    waiting.push({ id: id(), name, site: said.site, url: location.href.slice(0, 2048), referrer: from.slice(0, 2048), visitor, consent, p });
    queueMicrotask(send);
  };

  const view = () => {
    const here = location.pathname + location.search + (/^#[!/]/.test(location.hash) ? location.hash : "");
    if (!ready || page === here) return;
    if (page) from = "";
    page = here;
    event("page_view", { title: document.title.slice(0, 200) });
    fill();
  };

  // The source goes with the form: hidden fields are filled by us, never by the visitor.
  const fill = () => {
    const here = new URLSearchParams(location.search);
    const stored = consent.granted ? JSON.parse(sessionStorage.getItem("_rg") || "{}") : {};
    for (const [name, value] of here) if (/^utm_|cl(ic)?k?id$|^(li_fat_id|gclsrc|gad_source|gbraid|wbraid|srsltid|epik|ScCid|rdt_cid|rg)$/i.test(name)) stored[name] = value.slice(0, 400);
    if (consent.granted) sessionStorage.setItem("_rg", JSON.stringify(stored));
    for (const field of document.querySelectorAll("input[type=hidden]")) if (field.name in stored && !field.value) field.value = stored[field.name];
  };

  const acts = {
    event,
    view,
    lead: (p) => event("lead", p),
    identify: (p) => consent.granted && event("identify", p),
    consent: (granted, more = {}) => {
      consent = { granted: !!granted, ...more };
      answered = true;
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

  const begin = () => {
    if (ready) return;
    ready = true;
    remember();
    view();
  };

  const chosen = (now) => {
    if (!ready) [consent, answered] = [now, true];
    else if (now.tcf !== consent.tcf || now.gpp !== consent.gpp) acts.consent(now.granted, now);
  };

  // A banner of the TCF says itself what was chosen, on this page or before.
  const listen = (data, works) => {
    if (works && /^(tcloaded|useractioncomplete)$/.test(data.eventStatus)) {
      const yes = data.purpose?.consents || {};
      chosen({ granted: !!(yes[1] && yes[7]), tcf: data.tcString });
    }
    begin();
  };

  // One of the Global Privacy Platform: Europe's string and Canada's by their purposes (1 and 7;
  // Canada asks for 7 alone), the United States' by what nobody opted out of. Whoever receives it reads the string again, and has the last word.
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const hear = (data, works) => {
    const ping = data?.pingData;
    if (!works || !ping || ping.signalStatus !== "ready") return;
    const gpp = ping.gppString || "";
    const [, ...parts] = gpp.split("~");
    const list = ping.sectionList || [];
    const agrees = ([section, bit]) => (Math.max(0, letters.indexOf(parts[list.indexOf(section)]?.[(bit / 6) | 0] ?? "~")) >> (5 - (bit % 6))) & 1;
    const out = Object.values(ping.parsedSections || {}).flat(2).some((one) => Object.entries(one || {}).some(([name, value]) => (/OptOut$/.test(name) ? value === 1 : name === "Gpc" && value)));
    const here = ping.applicableSections || [];
    const asked = [[2, 152], [2, 158], [5, 157]].filter(([section]) => here.includes(section));
    const yes = asked.length ? asked.every(agrees) : here.some((n) => n > 5);
    chosen({ granted: !!yes && !out, gpp });
    begin();
  };

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
  addEventListener("hashchange", view);
  addEventListener("pagehide", send);
  addEventListener("submit", (happened) => {
    const form = happened.target;
    if (form.dataset?.regie) { fill(); event(form.dataset.regie, { form: form.name || form.id || "" }); send(); }
  }, true);
  if (said.consent === "tcf" && window.__tcfapi) {
    setTimeout(begin, 1500);
    window.__tcfapi("addEventListener", 2, listen);
  } else if (said.consent === "gpp" && window.__gpp) {
    setTimeout(begin, 1500);
    window.__gpp("addEventListener", hear);
  } else begin();
})();
