// What a person does with the tables: sort them, find in them, choose all servers.

const $ = (id) => document.getElementById(id);
const by_name = new Intl.Collator("en", { numeric: true }).compare;

// Numbers begin with the greatest, words with A.
function sort(th) {
  const name = th.dataset.f, words = name === "svname" || name === "status";
  const was = th.getAttribute("aria-sort");
  const down = was === null ? !words : was === "ascending";
  for (const other of th.closest("thead").querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = th.closest("table").tBodies[0];
  const value = (tr) => (rows.get(tr.dataset.row).line || (() => ""))(name);
  const compare = words ? by_name : (a, b) => (a === "" ? -1 : Number(a)) - (b === "" ? -1 : Number(b));
  const servers = [...body.rows].filter((tr) => tr.classList.contains("Server")).map((tr) => [value(tr), tr]);
  servers.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
  const end = [...body.rows].find((tr) => tr.classList.contains("Backend")) || null;
  for (const [, tr] of servers) body.insertBefore(tr, end);
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
for (const th of document.querySelectorAll("thead th[data-f]")) {
  const button = element("button", th.textContent);
  button.type = "button";
  button.addEventListener("click", () => sort(th));
  th.replaceChildren(button);
}
$("find").addEventListener("input", find);
$("trouble").addEventListener("change", find);
