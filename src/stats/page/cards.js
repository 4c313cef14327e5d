// The overview: a card for each backend says how many of its nodes serve, why the others do not, and how busy it is.

const most_troubles = 8;
const cards = [...document.querySelectorAll("[data-card]")].map((card) => ({
  card, name: card.dataset.card, chart: new Chart(card.querySelector(".graph"), true),
}));
const title = document.title;
let nodes_down = 0;

function nodes_by_proxy(lines) {
  const nodes = new Map();
  for (const line of lines.filter(is_server)) {
    const proxy = line("pxname");
    if (!nodes.has(proxy)) nodes.set(proxy, []);
    nodes.get(proxy).push([line, state_of(line)]);
  }
  return nodes;
}

function list_troubles(bad) {
  const list = element("ul", undefined, "troubles");
  for (const [line, state] of bad.slice(0, most_troubles)) {
    const item = element("li");
    item.append(element("strong", line("svname")), " " + [trouble(line, state), left_words(line, state)].filter(Boolean).join(", "));
    list.append(item);
  }
  if (bad.length > most_troubles) list.append(element("li", `and ${bad.length - most_troubles} more`));
  return list;
}

function update_cards(lines) {
  const nodes = nodes_by_proxy(lines);
  nodes_down = 0;
  for (const { card, name, chart } of cards) {
    const all = nodes.get(name) || [], bad = all.filter(([, state]) => !serves(state));
    nodes_down += bad.filter(([, state]) => state === "down" || state === "rising").length;
    card.className = "card " + (bad.length === 0 ? "up" : bad.length < all.length ? "falling" : "down");
    set_text(card.querySelector("p strong"), `${all.length - bad.length} of ${all.length}`);
    const list = list_troubles(bad), old = card.querySelector(".troubles");
    if (old.textContent !== list.textContent) old.replaceWith(list);
    const backend = rows.get(name + "/BACKEND");
    if (!backend || !backend.line) continue;
    for (const cell of card.querySelectorAll("[data-f]")) {
      const sum = cell.dataset.f.split(" ").reduce((all, field) => all + Number(backend.line(field)), 0);
      set_text(cell, (looks[cell.dataset.f] || grouped)(sum));
    }
    chart.draw(backend.history.samples);
  }
}

// Seen in the tab's name while another is looked at.
function show_title() {
  const news = failed ? "(no answer) " : nodes_down > 0 ? `(${nodes_down} down) ` : "";
  if (document.title !== news + title) document.title = news + title;
}
