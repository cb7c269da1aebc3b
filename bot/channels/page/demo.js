// A plain page over the widget channel. All text is set as text, never as HTML.
const log = document.getElementById("log");
const field = document.getElementById("text");
const OPEN = { true: "Åpent nå", false: "Stengt nå" };
let token = null;

function element(tag, attributes = {}, ...children) {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
}

function phone(number) {
  const plain = number.replace("+47", "");
  const pairs = plain.length === 8 ? plain.replace(/(..)(?=.)/g, "$1 ") : plain.replace(/^(\d{3})(\d{3})$/, "$1 $2");
  return element("a", { href: "tel:" + number, textContent: "Ring " + pairs });
}

function signpost(post) {
  const item = element("li", {}, element("strong", { textContent: post.name }));
  if (post.what_for) item.append(element("div", { textContent: post.what_for }));
  if (post.address) item.append(element("div", { textContent: post.address }));
  const links = element("div");
  if (post.phone) links.append(phone(post.phone));
  if (post.website) links.append(element("a", { href: "https://" + post.website, rel: "noreferrer", textContent: post.website }));
  if (post.map) links.append(element("a", { href: post.map, rel: "noreferrer", textContent: "Kart" }));
  item.append(links);
  if (post.caution) item.append(element("div", { textContent: post.caution }));
  const facts = [OPEN[post.open_now], "sjekket " + post.checked, post.status === "unverified" ? "vi har ikke fått sjekket dette" : null];
  item.append(element("small", { textContent: facts.filter(Boolean).join(", ") }));
  return item;
}

function show(from, reply) {
  const need = (reply.custom || {}).need || "";
  const crisis = need.startsWith("crisis_") || need === "fallback_emergency";
  const custom = reply.custom || {};
  const words = { textContent: reply.text, lang: custom.language || custom.written_form || "", dir: custom.direction || "" };
  const box = element("div", { className: `message ${from}${crisis ? " crisis" : ""}` }, element("p", words));
  if (custom.signposts && custom.signposts.length) {
    box.append(element("ul", { className: "signposts" }, ...custom.signposts.map(signpost)));
  }
  for (const button of reply.buttons || []) {
    const node = element("button", { type: "button", textContent: button.title });
    node.addEventListener("click", () => send(button.payload, button.title));
    box.append(node);
  }
  if (custom.source) {
    box.append(element("small", { textContent: `Kilde: ${custom.source.title}, sjekket ${custom.source.checked}.${custom.review === "reviewed" ? "" : " Utkast."}` }));
  }
  log.append(box);
  // The beginning of the answer is what must be seen; the welcome stands on top by itself.
  if (log.childElementCount > 1) box.scrollIntoView({ block: "start" });
}

async function call(path, options = {}) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  const response = await fetch("../webhooks/widget/" + path, { ...options, headers });
  return { status: response.status, body: response.status === 204 ? null : await response.json() };
}

async function open() {
  const { body } = await call("session", { method: "POST" });
  token = body.token;
  body.replies.forEach((reply) => show("bot", reply));
}

async function send(text, shown = text) {
  show("parent", { text: shown });
  const message = JSON.stringify({ message_id: crypto.randomUUID(), text });
  try {
    let answer = await call("message", { method: "POST", body: message });
    if (answer.status === 401) {
      token = null;
      await open();
      answer = await call("message", { method: "POST", body: message });
    }
    const { body } = answer;
    if (body.message) show("bot", { text: body.message });
    (body.replies || []).forEach((reply) => show("bot", reply));
  } catch {
    show("bot", { text: "Jeg får ikke kontakt akkurat nå. Prøv igjen. Haster det: 113, legevakt 116 117, Mental Helse 116 123.", custom: { need: "fallback_emergency" } });
  }
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  field.value = "";
  if (text) send(text);
});

document.getElementById("erase").addEventListener("click", async () => {
  await call("session", { method: "DELETE" });
  token = null;
  log.replaceChildren();
  await open();
});

open().catch(() => show("bot", { text: "Jeg får ikke kontakt akkurat nå. Haster det: 113, legevakt 116 117, Mental Helse 116 123.", custom: { need: "fallback_emergency" } }));
