// Lets a list be walked by keyboard: j and k move between its links, enter opens (the browser's own).
// Without this script the tab key does the same, one step at a time.
const links = [...document.querySelectorAll("[data-keys] :is(h2, h3) a, [data-keys] > a")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !links.length) return;
  const here = links.indexOf(document.activeElement);
  links[Math.min(Math.max(here + step, 0), links.length - 1)].focus();
  event.preventDefault();
});
