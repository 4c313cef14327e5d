// What one row had over the last minutes, and the small chart of it.

class History {
  constructor() {
    this.samples = [];
  }
  add(line, now) {
    const before = this.samples[this.samples.length - 1];
    const total = Number(line("bin")) + Number(line("bout"));
    // A counter that was cleared starts again at nothing.
    const rate = before && total >= before.total ? (total - before.total) / Math.max(1, now - before.at) * 1000 : 0;
    this.samples.push({ at: now, sessions: Number(line("scur")), total, rate });
    if (this.samples.length > 150) this.samples.shift();
  }
  get rate() {
    return this.samples.length > 0 ? this.samples[this.samples.length - 1].rate : 0;
  }
}

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function set_text(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

// An area for the bytes behind a line for the sessions, each from nothing to its own most.
class Chart {
  constructor(holder, wordy = false) {
    const make = (name, kind, parent) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      if (kind) made.setAttribute("class", kind);
      parent.append(made);
      return made;
    };
    this.svg = make("svg", "", holder);
    this.svg.setAttribute("viewBox", "0 0 100 100");
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", "nothing is known yet");
    this.area = make("polygon", "bytes", this.svg);
    this.line = make("polyline", "sessions", this.svg);
    this.wordy = wordy;
    this.words = element("small", "");
    this.words.setAttribute("aria-hidden", "true"); // The chart's label says the same, and more.
    holder.append(this.words);
    this.holder = holder;
  }
  draw(samples) {
    if (samples.length < 2) return;
    const most_sessions = Math.max(...samples.map((s) => s.sessions));
    const most_rate = Math.max(...samples.map((s) => s.rate));
    const part = (n, most) => most > 0 ? n / most : 0;
    const first = samples[0].at, last = samples[samples.length - 1];
    const point = (s, height) => `${((s.at - first) / (last.at - first) * 100).toFixed(1)},${(94 - height * 88).toFixed(1)}`;
    this.area.setAttribute("points", `0,100 ${samples.map((s) => point(s, part(s.rate, most_rate))).join(" ")} 100,100`);
    this.line.setAttribute("points", samples.map((s) => point(s, part(s.sessions, most_sessions))).join(" "));
    const words = `${plural(last.sessions, "session")} (most ${most_sessions}), ${bytes(last.rate)}/s (most ${bytes(most_rate)}/s)` +
      ` in the last ${age(Math.round((last.at - first) / 1000))}`;
    this.svg.setAttribute("aria-label", words);
    this.holder.title = words;
    if (this.wordy)
      this.words.replaceChildren(element("span", `${plural(last.sessions, "session")}, most ${most_sessions}`, "of-sessions"),
        element("span", `${bytes(last.rate)}/s, most ${bytes(most_rate)}/s`, "of-bytes"));
    else
      set_text(this.words, bytes(last.rate) + "/s");
  }
}
