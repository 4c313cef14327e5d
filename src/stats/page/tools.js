// What a person does with the tables: sort them, find in them, choose all servers.

const $ = (id) => document.getElementById(id);
const by_name = new Intl.Collator("en", { numeric: true }).compare;

// What a row is sorted by: a column of the CSV, or what two columns of the page are about.
const sorts_words = (th) => ["svname", "status", "check"].includes(th.dataset.f || th.dataset.sort);
function sort_value(th, row) {
  if (th.dataset.sort === "rate") return String(row.history.rate);
  if (!row.line) return "";
  return th.dataset.sort === "check" ? check_reports(row.line).join("; ") : row.line(th.dataset.f);
}

// Brings the servers into the order that the head of one column stands for. Rows are moved only where it has changed.
function arrange(th) {
  const down = th.getAttribute("aria-sort") === "descending", words = sorts_words(th);
  const compare = words ? by_name : (a, b) => (a === "" ? -1 : Number(a)) - (b === "" ? -1 : Number(b));
  const body = th.closest("table").tBodies[0];
  const servers = [...body.rows].filter((tr) => tr.classList.contains("Server"));
  const sorted = servers.map((tr) => [sort_value(th, rows.get(tr.dataset.row)), tr]);
  sorted.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
  if (sorted.every(([, tr], i) => tr === servers[i])) return;
  const end = [...body.rows].find((tr) => tr.classList.contains("Backend")) || null;
  for (const [, tr] of sorted) body.insertBefore(tr, end);
}

// Numbers begin with the greatest, words with A.
function sort(th) {
  const was = th.getAttribute("aria-sort");
  const down = was === null ? !sorts_words(th) : was === "ascending";
  for (const other of th.closest("thead").querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", down ? "descending" : "ascending");
  arrange(th);
}

// New figures may make another order; not under the hand of who is choosing servers.
function sort_again() {
  for (const th of document.querySelectorAll("thead [aria-sort]"))
    if (!th.closest("table").tBodies[0].matches(":hover, :focus-within")) arrange(th);
}

function hidden_by_link(state) {
  const hide = document.body.dataset.hide;
  return hide.includes("down") && (state === "down" || state === "rising" || state === "maint") ||
    hide.includes("maint") && state === "maint";
}

// Hides the rows that are not wanted, by name or state; an empty table goes whole.
function find() {
  const wanted = $("find").value.toLowerCase(), only_trouble = $("trouble").checked;
  const fits = (row) => {
    if (row.gone || hidden_by_link(row.state)) return false;
    if (only_trouble && !(row.tr.classList[0] === "Server" && row.state && !serves(row.state) || row.state === "falling")) return false;
    if (wanted === "") return true;
    const status = row.line ? row.line("status") : "";
    return `${row.tr.dataset.row} ${status}`.toLowerCase().includes(wanted);
  };
  const filled = new Set();
  for (const row of rows.values()) {
    const shown = fits(row);
    if (row.tr.hidden === shown) row.tr.hidden = !shown;
    if (shown) filled.add(row.tr.closest("section"));
  }
  for (const section of document.querySelectorAll("section.proxy")) {
    if (section.hidden === filled.has(section)) section.hidden = !section.hidden;
  }
}

document.documentElement.classList.add("live");
for (const th of document.querySelectorAll("thead th[data-f], thead th[data-sort]")) {
  const button = element("button", th.textContent);
  button.type = "button";
  button.addEventListener("click", () => sort(th));
  th.replaceChildren(button);
}
$("find").addEventListener("input", find);
$("trouble").addEventListener("change", find);
