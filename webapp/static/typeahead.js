// Offers catalogue names below a text field while a person types (WAI-ARIA combobox pattern).
// The field stays an ordinary text field: the server checks what arrives, with or without this script.
for (const box of document.querySelectorAll(".typeahead")) offer(box, box.querySelector("input"));

function offer(box, input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  box.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }))
    input.setAttribute(name, value);
  let timer, asked = 0, active = -1;

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  async function ask() {
    const words = input.value.trim(), turn = ++asked;
    if (!words) return close();
    const address = new URL(box.dataset.source, location.href);
    address.searchParams.set("q", words);
    const other = box.dataset.with && document.getElementById(box.dataset.with);
    if (other) address.searchParams.set("degree", other.value);
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (turn !== asked || !answer?.ok) return;
    show((await answer.json()).items);
  }
  function show(items) {
    list.replaceChildren(...(items.length ? items.map(option) : [nothing()]));
    active = -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }
  function option(item, number) {
    const line = document.createElement("li");
    line.id = `${list.id}-${number}`;
    line.setAttribute("role", "option");
    line.dataset.name = line.textContent = item.name;
    if (item.note) line.append(Object.assign(document.createElement("small"), { textContent: item.note }));
    return line;
  }
  function nothing() {
    const line = option({ name: box.dataset.none }, 0);
    line.setAttribute("aria-disabled", "true");
    return line;
  }
  function move(step) {
    list.children[active]?.removeAttribute("aria-selected");
    active = (active + step + list.children.length) % list.children.length;
    list.children[active].setAttribute("aria-selected", "true");
    list.children[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[active].id);
  }
  function choose(line) {
    if (!line.hasAttribute("aria-disabled")) input.value = line.dataset.name;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function close() {
    asked++;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}
