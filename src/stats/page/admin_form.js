// The form that changes servers: says what a click will do, and does it without leaving the page.

const sessions_of = (chosen) => chosen.reduce((sum, row) => sum + Number(row.line ? row.line("scur") : 0), 0);

// What cannot be undone is asked first.
function sure_to_cut(chosen) {
  const names = chosen.map((row) => row.tr.dataset.row), shown = names.slice(0, most_troubles).join(", ");
  const question = element("dialog"), buttons = element("form", undefined, "action");
  const words = `Cut ${plural(sessions_of(chosen), "session")} on ${shown}` +
    `${names.length > most_troubles ? ` and ${names.length - most_troubles} more` : ""} at once? Their clients lose their connections.`;
  question.setAttribute("aria-label", "Kill Sessions");
  buttons.method = "dialog";
  for (const [label, value] of [["Keep them", "no"], ["Cut them", "yes"]]) {
    const button = element("button", label);
    button.value = value;
    buttons.append(button, " ");
  }
  question.append(element("p", words), buttons);
  document.body.append(question);
  question.showModal();
  return new Promise((resolve) => question.addEventListener("close", () => {
    question.remove();
    resolve(question.returnValue === "yes");
  }));
}

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
    const sessions = sessions_of(chosen);
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
    const chosen = [...form.querySelectorAll("tr[data-row]")].map((tr) => rows.get(tr.dataset.row)).filter((row) => row.selected);
    if (action.value === "shutdown" && !await sure_to_cut(chosen)) return;
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
