"use strict";
// Reads the CSV that scripts read, too, and finds words for it. Without any of these scripts the page is whole as well.

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
const percent = (n) => n + "%";
const moment = (n) => n ? new Date(n * 1000).toLocaleString() : "never";
const looks = { bin: bytes, bout: bytes, h1_bytes_in: bytes, h1_bytes_out: bytes, lastsess: age, downtime: age, lastchg: age,
  throttle: percent, Uptime_sec: age, Idle_pct: percent, Pid: String, Last_reload_sec: moment };
const plural = (n, word) => `${n} ${word}${Number(n) === 1 ? "" : "s"}`;

// The cells of one line; only what a person typed has quotes.
function split_line(text) {
  if (!text.includes('"')) return text.split(",");
  const cells = [];
  for (let at = 0; at <= text.length; ++at) {
    let cell = "";
    if (text[at] === '"') {
      for (++at; at < text.length && (text[at] !== '"' || text[++at] === '"'); ++at) cell += text[at];
    } else {
      const end = text.indexOf(",", at);
      cell = text.slice(at, end < 0 ? text.length : end);
      at += cell.length;
    }
    cells.push(cell);
  }
  return cells;
}

// What sessions have moved that have not ended stands beside what ended ones had.
const with_moving = (line) => (name) => {
  const moving = name === "bin" ? line("moving_in") : name === "bout" ? line("moving_out") : "";
  return moving === "" ? line(name) : String(Number(line(name)) + Number(moving));
};

// The lines with content as functions from a column's name to its text.
function parse_csv(text) {
  const [head, ...lines] = text.split("\n").filter((line) => line !== "");
  const at = new Map(head.replace(/^# /, "").split(",").map((name, i) => [name, i]));
  return lines.map((line) => {
    const cells = split_line(line);
    return with_moving((name) => cells[at.get(name)] || "");
  });
}

const is_server = (line) => line("type") === "2";

function state_of(line) {
  const status = line("status"), server = is_server(line);
  if (/^UP \d/.test(status)) return server ? "falling" : "up";
  if (status.startsWith("UP") || status === "OPEN") return server && line("weight") === "0" ? "drain" : "up";
  if (/^DOWN \d/.test(status) && server) return "rising";
  if (status.startsWith("DOWN")) return "down";
  if (status.startsWith("MAINT")) return "maint";
  if (status.startsWith("DRAIN") || status.startsWith("NOLB")) return "drain";
  if (status.startsWith("no check")) return "idle";
  return line("type") === "0" || line("type") === "3" ? "off" : "up";
}

const serves = (state) => state === "up" || state === "falling" || state === "idle";

// How its check ended, and its agent's, each with what it said.
function check_reports(line) {
  const report = (by, status, took, said) => status === "" ? [] : [[by + status + (took === "" ? "" : ` in ${took} ms`), said]];
  return report("", line("check_status"), line("check_duration"), line("last_chk"))
    .concat(report("Agent ", line("agent_status"), line("agent_duration"), line("last_agt")));
}

// How many sessions stay on a server that gets no new ones.
function left_words(line, state) {
  if (serves(state)) return "";
  if (line("scur") === "0") return state === "drain" ? "no sessions left" : "";
  return plural(line("scur"), "session") + " left";
}

// Why a server does not serve.
function trouble(line, state) {
  if (state === "maint") return "in maintenance" + line("status").slice(5);
  if (state === "drain") return line("weight") === "0" && line("status").startsWith("UP") ? "weight 0" : "draining";
  if (line("status") === "DOWN (agent)" && line("last_agt")) return line("last_agt");
  return (line("check_desc") || "down") + (line("last_chk") ? ": " + line("last_chk") : "");
}
