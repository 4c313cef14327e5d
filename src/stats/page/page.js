"use strict";
// Keeps the page up to date in place, from the same CSV that scripts read; sorts, filters and draws the small charts.
// Without it the page is complete all the same.
(() => {
  const period = Math.max(1, Number(document.body.dataset.refresh) || 2) * 1000;
  const kept = 150; // samples of each row: some minutes
  const looks = { bin: bytes, bout: bytes, lastsess: age, downtime: age, lastchg: age, throttle: (n) => n + "%" };
  const $ = (id) => document.getElementById(id);

  function bytes(n) {
    const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let unit = 0;
    for (; n >= 999.5 && unit < 6; ++unit) n /= 1000;
    return n.toFixed(unit && n < 99.95 ? 1 : 0) + "\u00a0" + units[unit];
  }
  function age(n) {
    if (n < 0) return "-";
    const d = Math.floor(n / 86400), h = Math.floor(n / 3600) % 24, m = Math.floor(n / 60) % 60, s = n % 60;
    return (d ? [d + "d", h + "h"] : h ? [h + "h", m + "m"] : m ? [m + "m", s + "s"] : [s + "s"]).join("\u00a0");
  }
  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");

  function parse_csv(text) {
    const lines = [[]];
    let cell = "", quoted = false;
    for (let i = 0; i < text.length; ++i) {
      const c = text[i];
      if (quoted) {
        if (c !== '"') cell += c;
        else if (text[i + 1] === '"') { cell += c; ++i; }
        else quoted = false;
      } else if (c === '"') quoted = true;
      else if (c === "," || c === "\n") {
        lines[lines.length - 1].push(cell);
        cell = "";
        if (c === "\n") lines.push([]);
      } else cell += c;
    }
    const names = lines[0].map((name) => name.replace(/^# /, ""));
    return lines.slice(1).filter((line) => line.length > 1)
      .map((line) => Object.fromEntries(line.map((value, i) => [names[i], value])));
  }

  function state_of(line) {
    const status = line.status;
    if (/^UP \d/.test(status)) return line.type === "2" ? "falling" : "up";
    if (status.startsWith("UP") || status === "OPEN") return line.type === "2" && line.weight === "0" ? "drain" : "up";
    if (/^DOWN \d/.test(status) && line.type === "2") return "rising";
    if (status.startsWith("DOWN")) return "down";
    if (status.startsWith("MAINT")) return "maint";
    if (status.startsWith("DRAIN") || status.startsWith("NOLB")) return "drain";
    return status.startsWith("no check") ? "idle" : line.type === "0" || line.type === "3" ? "off" : "up";
  }
  const serves = (state) => state === "up" || state === "falling" || state === "idle";
  function trouble(line, state) {
    if (state === "maint") return line.status.length > 5 ? "in maintenance" + line.status.slice(5) : "in maintenance";
    if (state === "drain") return line.weight === "0" && line.status.startsWith("UP") ? "weight 0" : "draining";
    return (line.check_desc || "down") + (line.last_chk ? ": " + line.last_chk : "");
  }
  const left = (n) => `${n} session${n === "1" ? "" : "s"} left`;

  function element(name, text, kind) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
  function set_text(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }

  // One table row: its cells by column, its last figures, its history.
  class Row {
    constructor(tr) {
      this.tr = tr;
      this.cells = new Map([...tr.querySelectorAll("[data-f]")].map((cell) => [cell.dataset.f, cell]));
      this.state = tr.querySelector(".state");
      this.check = tr.querySelector(".check");
      this.chart = tr.querySelector(".chart");
      this.samples = [];
      this.line = null;
      this.visible = false;
    }
    update(line, now) {
      for (const [name, cell] of this.cells) {
        const value = line[name];
        const number = value !== "" && !isNaN(value);
        set_text(cell, number ? (looks[name] || grouped)(Number(value)) : value);
      }
      const state = state_of(line);
      const kinds = `${this.tr.classList[0]} ${state}`;
      if (this.tr.className !== kinds) this.tr.className = kinds;
      if (line.type === "2") {
        const words = line.check_status
          ? line.check_status + (line.check_duration === "" ? "" : ` in ${line.check_duration} ms`) : "";
        if (this.words !== words + line.last_chk) {
          this.words = words + line.last_chk;
          this.check.replaceChildren(words, ...(line.last_chk ? [" ", element("small", line.last_chk)] : []));
        }
        const old = this.state.querySelector(".left");
        const stays = !serves(state) && line.scur !== "0";
        if (!stays && old) old.remove();
        if (stays && old) set_text(old, left(line.scur));
        if (stays && !old) this.state.append(" ", element("small", left(line.scur), "left"));
      }
      const before = this.samples[this.samples.length - 1];
      const total = Number(line.bin) + Number(line.bout);
      const rate = before && total >= before.total ? (total - before.total) / Math.max(1, now - before.at) * 1000 : 0;
      this.samples.push({ at: now, sessions: Number(line.scur), total, rate });
      if (this.samples.length > kept) this.samples.shift();
      this.line = line;
      if (this.visible) this.draw();
    }
    draw() {
      const width = 120, height = 26, samples = this.samples;
      if (samples.length < 2) return;
      const most_sessions = Math.max(1, ...samples.map((s) => s.sessions)), most_rate = Math.max(1, ...samples.map((s) => s.rate));
      const x = (i) => (i * width / (samples.length - 1)).toFixed(1);
      const y = (part) => (height - 2 - part * (height - 4)).toFixed(1);
      const line = samples.map((s, i) => `${x(i)},${y(s.sessions / most_sessions)}`).join(" ");
      const area = `0,${height} ` + samples.map((s, i) => `${x(i)},${y(s.rate / most_rate)}`).join(" ") + ` ${width},${height}`;
      if (!this.svg) {
        const make = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
        this.svg = make("svg");
        this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        this.svg.setAttribute("role", "img");
        this.area = make("polygon");
        this.area.setAttribute("class", "bytes");
        this.sessions = make("polyline");
        this.sessions.setAttribute("class", "sessions");
        this.svg.append(this.area, this.sessions);
        this.chart.append(this.svg);
      }
      this.area.setAttribute("points", area);
      this.sessions.setAttribute("points", line);
      const last = samples[samples.length - 1];
      const words = `${last.sessions} sessions (most ${most_sessions}), ${bytes(last.rate)}/s (most ${bytes(most_rate)}/s)`;
      this.svg.setAttribute("aria-label", words);
      this.chart.title = words;
    }
  }

  const rows = new Map([...document.querySelectorAll("tr[data-row]")].map((tr) => [tr.dataset.row, new Row(tr)]));
  const watcher = new IntersectionObserver((seen) => {
    for (const one of seen) {
      const row = rows.get(one.target.dataset.row);
      row.visible = one.isIntersecting;
      if (row.visible) row.draw();
    }
  }, { rootMargin: "200px" });

  function update_cards(lines) {
    const nodes = new Map();
    for (const line of lines) {
      if (line.type !== "2") continue;
      if (!nodes.has(line.pxname)) nodes.set(line.pxname, []);
      nodes.get(line.pxname).push([line, state_of(line)]);
    }
    for (const card of document.querySelectorAll("[data-card]")) {
      const all = nodes.get(card.dataset.card) || [];
      const bad = all.filter(([, state]) => !serves(state));
      const list = element("ul");
      for (const [line, state] of bad.slice(0, 8)) {
        const item = element("li");
        item.append(element("strong", line.svname), " " + trouble(line, state) + (line.scur !== "0" ? ", " + left(line.scur) : ""));
        list.append(item);
      }
      if (bad.length > 8) list.append(element("li", `and ${bad.length - 8} more`));
      card.className = "card " + (bad.length === 0 ? "up" : bad.length < all.length ? "falling" : "down");
      set_text(card.querySelector("p strong"), `${all.length - bad.length} of ${all.length}`);
      const old = card.querySelector("ul");
      if (old && old.textContent === list.textContent) continue;
      if (old) old.remove();
      if (bad.length) card.append(list);
    }
  }

  let timer = 0, answered = Date.now(), failed = false;
  async function poll() {
    timer = 0;
    if (document.hidden || !$("live").checked) return;
    try {
      const response = await fetch(document.body.dataset.uri, { cache: "no-store", credentials: "same-origin" });
      if (!response.ok) throw new Error("HTTP " + response.status);
      const lines = parse_csv(await response.text());
      const now = Date.now();
      let strangers = 0;
      for (const line of lines) {
        const row = rows.get(`${line.pxname}/${line.svname}`);
        if (row) row.update(line, now);
        else ++strangers;
      }
      update_cards(lines);
      answered = now;
      failed = false;
      set_text($("pulse"), strangers ? "There are new nodes: reload to see them" : "Updated " + new Date(now).toLocaleTimeString());
    } catch (error) {
      if (!failed) $("pulse").setAttribute("aria-live", "polite");
      failed = true;
      set_text($("pulse"), "No answer since " + new Date(answered).toLocaleTimeString());
    }
    schedule();
  }
  function schedule() {
    if (!timer) timer = setTimeout(poll, period);
  }

  function sort(th) {
    const name = th.dataset.f, down = th.getAttribute("aria-sort") !== "descending";
    for (const other of th.closest("thead").querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = th.closest("table").tBodies[0];
    const nodes = [...body.rows].filter((tr) => tr.classList.contains("Server"));
    const value = (tr) => Number((rows.get(tr.dataset.row).line || {})[name] || -1);
    nodes.sort((a, b) => (down ? value(b) - value(a) : value(a) - value(b)));
    const end = [...body.rows].find((tr) => tr.classList.contains("Backend")) || null;
    for (const tr of nodes) body.insertBefore(tr, end);
  }

  function find() {
    const wanted = $("find").value.toLowerCase();
    for (const section of document.querySelectorAll("section.proxy")) {
      let found = false;
      for (const tr of section.querySelectorAll("tr[data-row]")) {
        tr.hidden = wanted !== "" && !(tr.dataset.row + " " + tr.querySelector(".state").textContent).toLowerCase().includes(wanted);
        found = found || !tr.hidden;
      }
      section.hidden = !found;
    }
  }

  document.documentElement.classList.add("live");
  for (const row of rows.values()) watcher.observe(row.tr);
  for (const th of document.querySelectorAll("thead th[data-f]")) {
    const button = element("button", th.textContent);
    button.type = "button";
    button.addEventListener("click", () => sort(th));
    th.replaceChildren(button);
  }
  for (const pick of document.querySelectorAll("thead td.pick")) {
    const box = element("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", "choose all");
    box.addEventListener("change", () => {
      for (const one of pick.closest("table").querySelectorAll("tr:not([hidden]) input[name=s]")) one.checked = box.checked;
    });
    pick.append(box);
  }
  $("find").addEventListener("input", find);
  $("live").addEventListener("change", schedule);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) schedule(); });
  poll();
})();
