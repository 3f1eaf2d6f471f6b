"use strict";
(() => {
  const all = (selector, of = document) => [...of.querySelectorAll(selector)];
  const form = document.querySelector("form[role=search]");
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const kinds = all("input[name=kind]", form);
  // The fold of findings that say the same; a query below a large chapter would look through all of it.
  const familyOf = (part) => (part.firstElementChild.tagName === "DETAILS" ? part.firstElementChild : null);
  const items = all("[data-item]").map((item) => ({
    item,
    kinds: item.dataset.item.split(" "),
    text: `${item.textContent} ${familyOf(item.closest("[data-part]"))?.firstElementChild.textContent ?? ""}`.toLowerCase(),
  }));
  const parts = all("[data-part]").reverse();
  const unfolded = new Set();

  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = kinds.filter((it) => !it.checked).map((it) => it.value);
    let shown = 0;
    for (const it of items) {
      it.item.hidden =
        it.kinds.some((kind) => off.includes(kind)) || !words.every((word) => it.text.includes(word));
      shown += !it.item.hidden;
    }
    const asked = words.length > 0 || off.length > 0;
    for (const part of parts) {
      part.hidden = asked && !all("[data-item]", part).some((it) => !it.hidden);
      const family = familyOf(part);
      if (family && !part.hidden && words.length > 0 && !family.open) {
        family.open = true;
        unfolded.add(family);
      }
      for (const list of all("ul, tbody", part)) {
        const rows = all(":scope > [data-item], :scope > [data-part]", list);
        if (!rows.length) continue;
        const heading = list.previousElementSibling;
        const empty = rows.every((it) => it.hidden);
        list.hidden = empty;
        if (heading && heading.tagName === "H3" && !heading.id) heading.hidden = empty;
      }
    }
    if (words.length === 0) {
      for (const it of unfolded) it.open = false;
      unfolded.clear();
    }
    found.textContent = asked ? `${shown} of ${items.length} shown` : "";
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 60);
  };
  const clear = () => {
    input.value = "";
    for (const it of kinds) it.checked = true;
    filter();
  };

  form.hidden = false;
  document.documentElement.classList.add("scripted");
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", soon);
  for (const it of kinds) it.addEventListener("change", filter);
  for (const button of all("button[data-open]", form)) {
    button.addEventListener("click", () => {
      for (const it of all("main details")) it.open = button.dataset.open === "all";
    });
  }

  // A link to something that a filter hides, or that is folded, shows it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    const fold = target.matches("details") ? target : target.querySelector(":scope > details");
    if (fold) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  const step = (by) => {
    const stops = all("main summary").filter((it) => it.getClientRects().length);
    const at = stops.indexOf(document.activeElement);
    const next = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by];
    if (next) next.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === input;
    if (event.key === "Escape") {
      clear();
      if (typing) input.blur();
    } else if (!typing && event.key === "/") {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (!typing && (event.key === "j" || event.key === "k")) {
      step(event.key === "j" ? 1 : -1);
    }
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const it of opened) it.open = true;
  });
  addEventListener("afterprint", () => {
    for (const it of opened) it.open = false;
  });

  const graph = document.querySelector("svg.graph");
  if (!graph) return;
  const status = document.getElementById("box-status");
  const boxes = all("[data-box]", graph);
  const lines = all("[data-from]", graph);
  const light = (box) => {
    const id = box && box.dataset.box;
    graph.classList.toggle("asked", Boolean(box));
    const near = new Set([id]);
    for (const it of lines) {
      const on = it.dataset.from === id || it.dataset.to === id;
      it.classList.toggle("on", on);
      if (on) near.add(it.dataset.from).add(it.dataset.to);
    }
    for (const it of boxes) it.classList.toggle("on", near.has(it.dataset.box));
    status.textContent = box
      ? all("g.edge.on title", graph).map((it) => it.textContent).join("; ")
      : "";
  };
  boxes.forEach((box, at) => {
    box.setAttribute("tabindex", at ? "-1" : "0");
    box.addEventListener("pointerenter", () => light(box));
    box.addEventListener("pointerleave", () => light(null));
    box.addEventListener("focus", () => light(box));
    box.addEventListener("blur", () => light(null));
    box.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = by && boxes[at + by];
      if (!next) return;
      event.preventDefault();
      box.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });
})();
