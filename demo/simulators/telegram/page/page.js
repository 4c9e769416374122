/** A customer's phone in the browser: what is done here arrives at the bot, what the bot answers appears here. */
import { element, fileUrl, messageElement } from "/message.js";
import { switchLanguage, text, translatePage } from "/texts.js";

const find = (id) => document.getElementById(id);
const stickers = ["👍", "🎉", "😍", "😂", "🤔", "😢", "🔥", "☕"];

let state = { bots: [], customers: [] };
let customer;
let bot;
let chat;
let context;
let recorder;

// ---- talking to the simulator -------------------------------------------------------------------------------------

async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.description);
  return body;
}

async function act(wanted) {
  const body = JSON.stringify({ customer, bot, ...wanted });
  await ask("/sim/act", { method: "POST", headers: { "content-type": "application/json" }, body });
}

async function upload(kind, blob, more = {}) {
  const query = new URLSearchParams({ customer, bot, kind, ...more });
  await ask(`/sim/upload?${query}`, { method: "POST", body: blob });
}

/** Runs what a click asked for and tells when it fails. */
function attempt(action) {
  return async (...given) => {
    try {
      await action(...given);
    } catch (error) {
      find("status").textContent = `${text("failed")} ${error.message}`;
    }
  };
}

// ---- showing ------------------------------------------------------------------------------------------------------

async function refresh() {
  state = await ask("/sim/state");
  bot = state.bots.some(({ username }) => username === bot) ? bot : state.bots[0]?.username;
  customer ??= Number(location.hash.slice(1)) || undefined;
  showPeople();
  await showChat();
}

function showPeople() {
  find("people").replaceChildren(...state.customers.map(personElement));
}

function personElement({ id, name, username, photo, last }) {
  const button = element("button", "person");
  button.type = "button";
  button.setAttribute("aria-current", String(id === customer));
  const words = element("span", "words");
  words.append(
    element("b", "", name),
    element("small", "", last ? last.text || "…" : username ? `@${username}` : ""),
  );
  button.append(faceElement(name, photo), words);
  button.addEventListener(
    "click",
    attempt(() => choose(id)),
  );
  return button;
}

async function choose(id) {
  customer = id;
  location.hash = String(id);
  setContext(undefined);
  showPeople();
  await showChat();
  find("text").focus();
}

function faceElement(name, photo) {
  const face = element("span", "face", photo ? "" : initials(name));
  face.dataset.hue = String([...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6);
  if (photo) {
    const image = element("img");
    image.src = fileUrl(photo);
    image.alt = "";
    face.append(image);
  }
  return face;
}

function initials(name) {
  return name
    .split(" ")
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("");
}

async function showChat() {
  const ready = customer !== undefined && bot !== undefined;
  find("phone").hidden = !ready;
  find("hint").hidden = ready;
  find("hint").textContent = text(state.bots.length > 0 ? "choose" : "noBots");
  if (!ready) return;
  const asked = `${bot} ${customer}`;
  const answer = await ask(`/sim/chat?${new URLSearchParams({ bot, customer })}`);
  if (asked !== `${bot} ${customer}`) return;
  chat = answer;
  showHead();
  showMessages();
}

function showHead() {
  const shown = state.bots.find(({ username }) => username === bot);
  find("bot-face").replaceChildren(faceElement(shown.name, shown.photo));
  const options = state.bots.map(({ username, name }) => new Option(name, username, false, username === bot));
  find("bot").replaceChildren(...options);
  find("status").textContent = text(chat.blocked ? "blocked" : chat.typing ? "typing" : "online");
  find("block").textContent = text(chat.blocked ? "unblock" : "block");
  find("start").hidden = chat.started && !chat.blocked;
  find("compose").hidden = !chat.started || chat.blocked;
  if (chat.typing) setTimeout(attempt(showChat), 5200);
}

/** Keeps to the end of the chat unless the reader has scrolled up; pictures that load later push it down again. */
function showMessages() {
  const list = find("messages");
  const shown = `${bot} ${customer}`;
  const another = list.dataset.chat !== shown;
  const atEnd = another || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const known = new Set([...list.querySelectorAll("[data-id]")].map(({ dataset }) => Number(dataset.id)));
  const rows = chat.messages.map((message) => {
    const row = messageElement(message, handlers);
    row.classList.toggle("new", !another && !known.has(message.id));
    return row;
  });
  list.replaceChildren(...rows);
  list.dataset.chat = shown;
  for (const id of chat.pressed)
    list.querySelector(`[data-id="${id}"]`)?.parentElement.classList.add("waiting");
  if (!atEnd) return;
  const toEnd = () => (list.scrollTop = list.scrollHeight);
  for (const image of list.querySelectorAll("img")) image.addEventListener("load", toEnd);
  toEnd();
}

const handlers = {
  react: attempt((messageId, emojis) => act({ do: "react", messageId, emojis })),
  press: attempt((messageId, button) => act({ do: "press", messageId, button })),
  reply: (message) => setContext({ kind: "reply", message }),
  edit: (message) => setContext({ kind: "edit", message }),
};

/** The message that is being answered or changed. */
function setContext(next) {
  context = next;
  find("context").hidden = !next;
  if (!next) return;
  find("context").firstElementChild.textContent = `${text(next.kind)}: ${next.message.text || "…"}`;
  if (next.kind === "edit") find("text").value = next.message.text;
  find("text").focus();
}

// ---- writing ------------------------------------------------------------------------------------------------------

async function send() {
  const words = find("text").value.trim();
  if (!words) return;
  const doing = context;
  find("text").value = "";
  setContext(undefined);
  if (doing?.kind === "edit") return act({ do: "edit", messageId: doing.message.id, text: words });
  await act({ do: "say", text: words, replyTo: doing?.message.id });
}

function replyQuery() {
  const query = context?.kind === "reply" ? { replyTo: String(context.message.id) } : {};
  setContext(undefined);
  return query;
}

async function sendFiles(input, kindOf) {
  const reply = replyQuery();
  for (const file of input.files) await upload(kindOf(file), file, { name: file.name, ...reply });
  input.value = "";
}

function fileKind({ type }) {
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") ? "audio" : "document";
}

/** Records until the button is pressed again. */
async function toggleVoice() {
  if (recorder) return recorder.stop();
  if (!navigator.mediaDevices?.getUserMedia) throw new Error(text("noMicrophone"));
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const chunks = [];
  const began = Date.now();
  recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
  recorder.addEventListener(
    "stop",
    attempt(async () => {
      recorder = undefined;
      find("voice").classList.remove("recording");
      for (const track of stream.getTracks()) track.stop();
      const duration = String(Math.max(1, Math.round((Date.now() - began) / 1000)));
      await upload("voice", new Blob(chunks), { duration, ...replyQuery() });
    }),
  );
  recorder.start();
  find("voice").classList.add("recording");
}

async function sendSticker(emoji) {
  find("stickers").hidden = true;
  const canvas = element("canvas");
  canvas.width = canvas.height = 512;
  const paper = canvas.getContext("2d");
  paper.font = "400px sans-serif";
  paper.textAlign = "center";
  paper.textBaseline = "middle";
  paper.fillText(emoji, 256, 280);
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/webp"));
  await upload("sticker", picture, { emoji });
}

async function addCustomer() {
  const form = find("newcomer").querySelector("form");
  const { name, username } = Object.fromEntries(new FormData(form));
  const body = JSON.stringify({ name, ...(username && { username: username.replace(/^@/, "") }) });
  const headers = { "content-type": "application/json" };
  const { id } = await ask("/sim/customers", { method: "POST", headers, body });
  form.reset();
  await refresh();
  await choose(id);
}

function switchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}

// ---- wiring -------------------------------------------------------------------------------------------------------

const clicks = {
  add: () => find("newcomer").showModal(),
  language: async () => {
    switchLanguage();
    await refresh();
  },
  theme: switchTheme,
  block: () => act({ do: chat.blocked ? "unblock" : "block" }),
  start: async () => {
    if (chat.blocked) await act({ do: "unblock" });
    await act({ do: "start" });
  },
  location: () => act({ do: "location", latitude: 55.7558, longitude: 37.6173 }),
  contact: () => act({ do: "contact", phone: `+7916${String(customer).slice(-7)}` }),
  sticker: () => (find("stickers").hidden = !find("stickers").hidden),
  voice: toggleVoice,
};
for (const [id, action] of Object.entries(clicks)) find(id).addEventListener("click", attempt(action));

find("context").lastElementChild.addEventListener("click", () => setContext(undefined));
find("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(send)();
});
find("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void attempt(send)();
});
find("bot").addEventListener("change", (event) => {
  bot = event.target.value;
  void attempt(showChat)();
});
find("photo").addEventListener(
  "change",
  attempt(({ target }) => sendFiles(target, () => "photo")),
);
find("file").addEventListener(
  "change",
  attempt(({ target }) => sendFiles(target, fileKind)),
);
find("newcomer").addEventListener("close", () => {
  if (find("newcomer").returnValue === "add") void attempt(addCustomer)();
});
for (const label of document.querySelectorAll("label.tool"))
  label.addEventListener("keydown", ({ key }) => key === "Enter" && label.control.click());
find("stickers").replaceChildren(
  ...stickers.map((emoji) => {
    const button = element("button", "", emoji);
    button.type = "button";
    button.addEventListener(
      "click",
      attempt(() => sendSticker(emoji)),
    );
    return button;
  }),
);

const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;
translatePage();
const events = new EventSource("/sim/events");
events.addEventListener("message", attempt(refresh));
events.addEventListener("open", attempt(refresh));
