// Asks for the statistics again and again, and brings the page up to date in place.

const shortest_pause = 2000, longest_pause = 5000; // ms
// Not relative to the document: its address may have a name and a password in it, with which nothing can be fetched.
const source = new URL(document.body.dataset.uri, location.origin);
const longest_wait = 10000; // ms
let timer = 0, answered = Date.now(), asking = false, failed = false;

function update(told, now) {
  let strangers = 0;
  const seen = new Set(), lines = told.map((line) => row_of(line) ? row_of(line).complete(line) : line);
  for (const line of lines) {
    const row = row_of(line);
    if (row) {
      row.update(line, now);
      seen.add(row);
    } else if (!hidden_by_link(state_of(line))) {
      ++strangers;
    }
  }
  for (const row of rows.values()) row.gone = !seen.has(row);
  update_cards(lines);
  sort_again();
  find();
  return strangers;
}

// The statistics and, behind an empty line, the process's figures: that is what the header asks for.
async function ask() {
  const response = await fetch(source, { cache: "no-store", credentials: "same-origin", headers: { "ddbproxy-update": "1" },
    signal: AbortSignal.timeout(longest_wait) });
  if (!response.ok) throw new Error("HTTP " + response.status);
  return (await response.text()).split("\n\n");
}

// "Name: value", line by line.
function update_process(text) {
  const figures = new Map(text.split("\n").map((line) => line.split(": ")));
  for (const cell of document.querySelectorAll("dd[data-info]")) {
    const name = cell.dataset.info;
    if (figures.has(name)) set_text(cell, (looks[name] || grouped)(Number(figures.get(name))));
  }
}

async function poll() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const began = performance.now();
  try {
    const [statistics, figures] = await ask();
    const now = Date.now(), strangers = update(parse_csv(statistics), now);
    update_process(figures || "");
    answered = now;
    failed = false;
    set_text($("pulse"), strangers ? "There are new servers: reload to see them" : "Updated " + new Date(now).toLocaleTimeString());
  } catch (error) {
    // Said aloud once, not every time.
    $("pulse").setAttribute("aria-live", failed ? "off" : "polite");
    failed = true;
    set_text($("pulse"), `No answer since ${new Date(answered).toLocaleTimeString()} (${error.message})`);
  }
  document.documentElement.classList.toggle("stale", failed);
  show_title();
  asking = false;
  // What takes long is asked for more rarely, but not never.
  timer = setTimeout(again, Math.min(longest_pause, Math.max(shortest_pause, 10 * (performance.now() - began))));
}

function again() {
  if (!document.hidden && $("live").checked) poll();
}

$("live").addEventListener("change", again);
document.addEventListener("visibilitychange", again);
addEventListener("load", poll); // Until then it is up to date, and busy.
