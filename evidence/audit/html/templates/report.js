"use strict";
// Sorts tables and claims and filters claims. Without it everything can be read all the same.
(() => {
  const number = (text) => {
    const value = Number.parseFloat(text.replace(/[^0-9.-]/g, ""));
    return Number.isNaN(value) ? null : value;
  };
  const compare = (one, other) => {
    const [first, second] = [number(one), number(other)];
    if (first !== null && second !== null && first !== second) return first - second;
    if ((first === null) !== (second === null)) return first === null ? -1 : 1;
    return one.localeCompare(other);
  };
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value ?? cell.textContent.trim();
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") !== "descending";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [keyOf(row, column), row]);
        rows.sort((one, other) => (falls ? compare(other[0], one[0]) : compare(one[0], other[0])));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }

  // What a link points at may stand in a closed list.
  const reveal = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    // A number leads to all that it counts: whatever the filters or the sorting have put out of sight is shown again.
    const counts = target?.matches(".group > h3, .group > h4") ? target.parentElement : null;
    if (target?.closest("[hidden]") || counts?.querySelector(".claim[hidden]")) { form.reset(); choose(); }
    target?.scrollIntoView();
  };
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));

  const form = document.querySelector("form.filters");
  if (!form) { addEventListener("hashchange", reveal); reveal(); return; }
  const claims = [...document.querySelectorAll(".claim")].map((node) => ({ node, home: node.parentElement, text: null }));
  const groups = [...document.querySelectorAll(".claims .group")];
  const flat = document.querySelector(".flat");
  const said = form.querySelector("output");
  let sorted = "";
  const fits = (one, wanted, words) => {
    const data = one.node.dataset;
    if (wanted.status && data.status !== wanted.status) return false;
    if (wanted.level && data.level !== wanted.level) return false;
    if (wanted.flag && !data.flags.split(" ").includes(wanted.flag)) return false;
    if (!words.length) return true;
    one.text ??= one.node.textContent.toLowerCase();
    return words.every((word) => one.text.includes(word));
  };
  const arrange = (how) => {
    if (how === sorted) return;
    sorted = how;
    if (how) {
      const place = (one) => one.node.querySelector(".place").textContent;
      const order = {
        rank: (one, other) => one.node.dataset.rank - other.node.dataset.rank,
        strength: (one, other) => one.node.dataset.strength - other.node.dataset.strength,
        year: (one, other) => (one.node.dataset.year - 0 || 9999) - (other.node.dataset.year - 0 || 9999),
        place: (one, other) => place(one).localeCompare(place(other), undefined, { numeric: true }),
      }[how];
      flat.append(...[...claims].sort(order).map((one) => one.node));
    } else {
      const homes = new Map();
      for (const one of claims) homes.set(one.home, [...(homes.get(one.home) ?? []), one.node]);
      for (const [home, nodes] of homes) home.append(...nodes);
    }
    flat.hidden = !how;
  };
  const choose = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const narrows = Boolean(wanted.status || wanted.level || wanted.flag || words.length);
    let shown = 0;
    for (const one of claims) {
      one.node.hidden = !fits(one, wanted, words);
      if (!one.node.hidden) shown += 1;
    }
    arrange(wanted.sort);
    for (const group of groups) group.hidden = Boolean(wanted.sort) || (narrows && !group.querySelector(".claim:not([hidden])"));
    said.textContent = narrows ? `${shown} of ${claims.length} claims here` : `${claims.length} claims here`;
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(choose, 80); });
  form.addEventListener("reset", () => setTimeout(choose));
  form.addEventListener("submit", (event) => { event.preventDefault(); choose(); });
  form.hidden = false;
  choose();
  addEventListener("hashchange", reveal);
  reveal();
})();
