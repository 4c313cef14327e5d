// One table row: its cells by column, its last figures, its history. What is out of sight is brought up to date when it
// comes into sight, so thousands of rows cost little.

// The cells stand in the order of their heads, at the end of the row.
function cells_by_name(tr) {
  const heads = tr.closest("table").tHead.rows[1].cells, first = tr.cells.length - heads.length;
  const pairs = [...heads].map((head, i) => [head.dataset.f, tr.cells[first + i]]);
  return [...pairs, ["status", tr.querySelector(".state span")], ["lastchg", tr.querySelector(".since")]];
}

class Row {
  constructor(tr) {
    this.tr = tr;
    this.history = new History();
    this.line = null;
    this.state = "";
    this.visible = false;
    this.cells = null;
  }
  // While a check is running nothing is said of the one before: the page goes on showing it.
  complete(line) {
    const kept = {};
    for (const [status, said, agent] of [["check_status", "last_chk", false], ["agent_status", "last_agt", true]]) {
      if (!line(status).startsWith("* ")) continue;
      kept[status] = line(status).slice(2);
      kept[said] = this.line ? this.line(said) : this.said_at_first(agent);
    }
    return (name) => name in kept ? kept[name] : line(name);
  }
  said_at_first(agent) {
    const report = [...this.tr.querySelectorAll(".check div")].find((one) => one.textContent.startsWith("Agent ") === agent);
    return report ? report.querySelector("small").textContent : "";
  }
  update(line, now) {
    this.line = line;
    this.state = state_of(line);
    this.history.add(line, now);
    if (this.visible) this.show();
  }
  show() {
    if (!this.line) return;
    this.cells = this.cells || cells_by_name(this.tr);
    for (const [name, cell] of this.cells) {
      const value = this.line(name), number = value !== "" && !isNaN(value);
      set_text(cell, number ? (looks[name] || grouped)(Number(value)) : value);
    }
    const kinds = `${this.tr.classList[0]} ${this.state}`;
    if (this.tr.className !== kinds) this.tr.className = kinds;
    if (is_server(this.line)) this.show_server();
    this.chart = this.chart || new Chart(this.tr.querySelector(".chart"));
    this.chart.draw(this.history.samples);
  }
  show_server() {
    const line = this.line, reports = check_reports(line), words = reports.map((report) => report.join(": ")).join("\n");
    if (this.words !== words) {
      this.words = words;
      const cell = this.tr.querySelector(".check");
      cell.replaceChildren(...reports.map(([result, said]) => {
        const report = element("div", result + " ");
        report.append(element("small", said));
        return report;
      }));
      cell.title = words; // Where the column is too narrow.
    }
    const cell = this.tr.querySelector(".state"), old = cell.querySelector(".left");
    const left = left_words(line, this.state);
    if (!left && old) old.remove();
    if (left && old) set_text(old, left);
    if (left && !old) cell.append(" ", element("small", left, "left"));
  }
  get selected() {
    const box = this.tr.querySelector("input[name=s]");
    return box !== null && box.checked;
  }
}

const rows = new Map([...document.querySelectorAll("tr[data-row]")].map((tr) => [tr.dataset.row, new Row(tr)]));
const row_of = (line) => rows.get(`${line("pxname")}/${line("svname")}`);
const watcher = new IntersectionObserver((seen) => {
  for (const one of seen) {
    const row = rows.get(one.target.dataset.row);
    row.visible = one.isIntersecting;
    if (row.visible) row.show();
  }
}, { rootMargin: "200px" });
for (const row of rows.values()) watcher.observe(row.tr);
