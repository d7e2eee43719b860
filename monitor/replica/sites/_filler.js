// Fills a section page from the service that its frame names.
const frame = document.getElementById("__next");

function card(item) {
  const box = document.createElement("article");
  const link = document.createElement("a");
  const time = document.createElement("time");
  box.className = frame.dataset.item;
  link.href = frame.dataset.root + item.path;
  link.textContent = item.title;
  time.dateTime = item.publishTime;
  box.append(link, time);
  return box;
}

fetch(frame.dataset.service)
  .then((answer) => answer.json())
  .then((page) => frame.replaceChildren(...page.data.map(card)));
