// The form that changes servers: says what a click will do, and does it without leaving the page.

function watch_form(form) {
  const action = form.querySelector("select"), button = form.querySelector(".action button"), says = element("span", "", "says");
  says.setAttribute("role", "status");
  button.after(" ", says);
  const all = element("input"), boxes = () => [...form.querySelectorAll("input[name=s]")];
  all.type = "checkbox";
  all.setAttribute("aria-label", "choose all that are shown");
  for (const pick of form.querySelectorAll("thead .pick")) pick.append(all);

  function explain() {
    const chosen = [...form.querySelectorAll("tr[data-row]")].map((tr) => rows.get(tr.dataset.row)).filter((row) => row.selected);
    const sessions = chosen.reduce((sum, row) => sum + Number(row.line ? row.line("scur") : 0), 0);
    button.textContent = chosen.length > 0 ? `Apply to ${plural(chosen.length, "server")}` : "Apply";
    set_text(says, chosen.length === 0 ? "" : sessions > 0 ? `which now have ${plural(sessions, "session")}` : "which have no sessions now");
  }
  all.addEventListener("change", () => {
    for (const box of boxes()) if (!box.closest("tr").hidden) box.checked = all.checked;
  });
  form.addEventListener("change", explain);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!action.value || !boxes().some((box) => box.checked))
      return set_text(says, action.value ? "Check some servers first." : "Choose an action first.");
    button.disabled = true;
    try {
      // The answer leads to the page again, which says in words what came of it.
      const answer = await fetch(new URL(location.pathname + location.search, location.origin),
        { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const outcome = page.querySelector("#outcome");
      if (!outcome) throw new Error(`it answered ${answer.status}`);
      $("outcome").replaceChildren(...outcome.childNodes);
      form.reset();
      explain();
    } catch (error) {
      $("outcome").replaceChildren(element("p", `Nothing is known of the action's outcome: ${error.message}`, "outcome bad"));
    }
    button.disabled = false;
    poll();
  });
}
for (const form of document.querySelectorAll("form[method=post]")) watch_form(form);
$("outcome").addEventListener("click", (event) => {
  if (!event.target.closest("a")) return;
  event.preventDefault();
  $("outcome").replaceChildren();
});
