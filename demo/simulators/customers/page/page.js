/** A customer's phone in the browser: what is done here arrives at the business, what it answers appears here. */
import { ask, post } from "/ask.js";
import { createComposer } from "/compose.js";
import { element, faceElement, icon } from "/faces.js";
import { dayElement, messageElement } from "/message.js";
import { currentLanguage, currentLocale, switchLanguage, text, translatePage } from "/texts.js";

const find = (id) => document.getElementById(id);

let stages = [];
/** Whose phone it is: `stage`, `account` and `person` by their ids. */
let place = readAddress();
let chat;
let shown = "";

const stage = () => stages.find(({ kind }) => kind === place.stage);

function readAddress() {
  const [kind, person] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { stage: kind || undefined, account: undefined, person: person || undefined };
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

const act = (wanted) => post("/acts", { ...place, ...wanted });
const composer = createComposer({ place: () => place, attempt });

/** Puts new children in place without taking the focus away from what a person stands on. */
function replace(list, children) {
  const { key } = document.activeElement?.dataset ?? {};
  list.replaceChildren(...children);
  if (key) list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

// ---- showing ------------------------------------------------------------------------------------------------------

let refreshing;
/** One at a time; what happens meanwhile is seen by the next. */
function refresh() {
  const next = (refreshing ?? Promise.resolve()).then(load, load);
  refreshing = next;
  return next;
}

async function load() {
  stages = await ask("/stages");
  if (!stage()) place = { stage: stages[0]?.kind };
  const { accounts, people } = stage() ?? { accounts: [], people: [] };
  const person = people.find(({ id }) => id === place.person);
  place.person = person?.id;
  if (!accounts.some(({ id }) => id === place.account))
    place.account = person?.last?.account ?? accounts[0]?.id;
  showSide();
  await showChat();
}

function showSide() {
  const { title, kind, people = [] } = stage() ?? {};
  document.documentElement.dataset.stage = kind ?? "";
  find("stage").textContent = title ?? "";
  replace(find("stages"), stages.map(stageElement));
  replace(find("people"), people.map(personElement));
}

function stageElement({ kind, title }) {
  const button = element("button", "stage quiet");
  button.type = "button";
  button.title = title;
  button.dataset.key = `stage ${kind}`;
  button.setAttribute("aria-current", String(kind === place.stage));
  const image = element("img");
  image.src = `/icons/${kind}.svg`;
  image.alt = title;
  button.append(image);
  button.addEventListener(
    "click",
    attempt(() => go({ stage: kind })),
  );
  return button;
}

function personElement(person) {
  const { id, name, handle, last } = person;
  const button = element("button", "person");
  button.type = "button";
  button.dataset.key = `person ${id}`;
  button.setAttribute("aria-current", String(id === place.person));
  const words = element("span", "words");
  words.append(element("b", "", name), element("small", "", last ? lastText(last) : (handle ?? "")));
  button.append(faceElement(place.stage, person), words);
  if (last) button.append(element("time", "", dateText(last.at)));
  button.addEventListener(
    "click",
    attempt(async () => {
      await go({ stage: place.stage, person: id });
      find("text").focus();
    }),
  );
  return button;
}

function lastText({ text: words, kind }) {
  return words || (kind ? text(kind) : "…");
}

function dateText(at) {
  const day = new Date(at);
  const today = new Date().toDateString() === day.toDateString();
  const parts = today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" };
  return day.toLocaleString(currentLocale(), parts);
}

async function go(where) {
  place = where;
  const address = [place.stage, place.person].filter(Boolean).map(encodeURIComponent).join("/");
  history.replaceState(null, "", `#${address}`);
  composer.setContext(undefined);
  find("told").textContent = "";
  document.body.classList.remove("deskOpen");
  await refresh();
}

async function showChat() {
  const ready = place.person !== undefined && place.account !== undefined;
  document.body.classList.toggle("inChat", ready);
  for (const id of ["phone", "desk"]) find(id).hidden = !ready;
  find("hint").hidden = ready;
  find("hint").textContent = text(place.account === undefined ? "noAccounts" : "choose");
  if (!ready) return;
  const asked = JSON.stringify(place);
  const answer = await ask(`/chat?${new URLSearchParams(place)}`);
  if (asked !== JSON.stringify(place)) return;
  chat = answer;
  showHead();
  composer.show(chat);
  showMessages();
}

function showHead() {
  const { accounts, people, failures } = stage();
  const account = accounts.find(({ id }) => id === place.account);
  find("face").replaceChildren(faceElement(place.stage, account));
  find("account").replaceChildren(
    ...accounts.map(({ id, name }) => new Option(name, id, false, id === place.account)),
  );
  find("status").textContent = text(chat.status);
  find("phone").setAttribute("aria-label", people.find(({ id }) => id === place.person).name);
  find("start").hidden = !["start", "unblock"].some((one) => chat.acts.includes(one));
  find("start").textContent = text(chat.acts.includes("unblock") ? "unblock" : "start");
  const turns = ["read", "wait", "block", "unblock"].filter((one) => chat.acts.includes(one));
  find("turns").parentElement.hidden = turns.length === 0;
  replace(
    find("turns"),
    turns.map((one) => turnElement(one, () => act({ do: one }))),
  );
  replace(
    find("failures"),
    failures.map((kind) => turnElement(`failure.${kind}`, () => fail(kind))),
  );
  if (chat.status === "typing") setTimeout(() => void refresh(), 5200);
}

function turnElement(label, action) {
  const button = element("button", "turn", text(label));
  button.type = "button";
  button.dataset.key = label;
  button.addEventListener("click", attempt(action));
  return button;
}

async function fail(kind) {
  await post("/failures", { stage: place.stage, kind });
  find("told").textContent = `${text("armed")} ${text(`failure.${kind}`)}`;
}

/** Keeps to the end of the chat unless the reader has scrolled up; pictures that load later push it down again. */
function showMessages() {
  const list = find("messages");
  const here = `${place.stage} ${place.account} ${place.person} ${currentLanguage()}`;
  const next = here + JSON.stringify([chat.messages, chat.pressed]);
  if (next === shown) return;
  shown = next;
  const another = list.dataset.chat !== here;
  const atEnd = another || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const known = new Set([...list.querySelectorAll("[data-id]")].map(({ dataset }) => dataset.id));
  replace(
    list,
    chat.messages.flatMap((message, index) => {
      const row = messageElement(place.stage, message, chat, handlers);
      row.classList.toggle("new", !another && !known.has(message.id));
      row.classList.toggle("waiting", chat.pressed.includes(message.id));
      return isNewDay(chat.messages[index - 1], message) ? [dayElement(message.at), row] : [row];
    }),
  );
  list.dataset.chat = here;
  if (!atEnd) return;
  const toEnd = () => (list.scrollTop = list.scrollHeight);
  for (const part of list.querySelectorAll("img, iframe")) part.addEventListener("load", toEnd);
  toEnd();
}

function isNewDay(before, { at }) {
  return !before || new Date(before.at).toDateString() !== new Date(at).toDateString();
}

const handlers = {
  react: attempt(({ id }, emoji) => act({ do: "react", message: id, emoji })),
  press: attempt(({ id }, button) => act({ do: "press", message: id, button })),
  unsend: attempt(({ id }) => act({ do: "unsend", message: id })),
  reply: (message) => composer.setContext({ kind: "reply", message }),
  edit: (message) => composer.setContext({ kind: "edit", message }),
};

// ---- wiring -------------------------------------------------------------------------------------------------------

function openNewcomer() {
  const { asks } = stage() ?? {};
  find("handle").hidden = !asks;
  find("handle").firstElementChild.textContent = asks ? text(`asks.${asks}`) : "";
  find("newcomer").returnValue = "";
  find("newcomer").showModal();
}

async function addCustomer() {
  const form = find("newcomer").querySelector("form");
  const { name, handle } = Object.fromEntries(new FormData(form));
  form.reset();
  const { id } = await post("/people", { stage: place.stage, name, ...(handle && { handle }) });
  await go({ ...place, person: id });
  find("text").focus();
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** The system's, until somebody chooses. */
function showTheme() {
  document.documentElement.dataset.theme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
}

function switchTheme() {
  localStorage.setItem("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  showTheme();
}

const clicks = {
  add: openNewcomer,
  cancel: () => find("newcomer").close(),
  language: async () => {
    switchLanguage();
    await refresh();
  },
  theme: switchTheme,
  back: () => go({ ...place, person: undefined }),
  more: () => {
    document.body.classList.add("deskOpen");
    find("turns").querySelector("button")?.focus();
  },
  closeDesk: () => {
    document.body.classList.remove("deskOpen");
    find("more").focus();
  },
  start: () => act({ do: chat.acts.includes("unblock") ? "unblock" : "start" }),
};
for (const [id, action] of Object.entries(clicks)) find(id).addEventListener("click", attempt(action));
find("desk").addEventListener("keydown", ({ key }) => key === "Escape" && find("closeDesk").click());
find("account").addEventListener(
  "change",
  attempt(({ target }) => go({ ...place, account: target.value })),
);
find("newcomer").addEventListener("close", () => {
  if (find("newcomer").returnValue === "add") void attempt(addCustomer)();
});
addEventListener("hashchange", () => {
  place = readAddress();
  void attempt(refresh)();
});

dark.addEventListener("change", showTheme);
showTheme();
for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
translatePage();
const events = new EventSource("/events");
events.addEventListener("message", attempt(refresh));
events.addEventListener("open", attempt(refresh));
