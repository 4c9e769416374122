/** One message as an element. Texts are only ever set as text: nothing that somebody sends becomes markup. */
import { fileUrl } from "/ask.js";
import { element, icon } from "/faces.js";
import { currentLocale, text } from "/texts.js";

/** `on` has what a person can do with it: reply, edit, unsend, react, press; `chat` what its messenger has. */
export function messageElement(stage, message, chat, on) {
  const bubble = element("article", `bubble ${message.by}`);
  const [file] = message.media ?? [];
  if (file?.kind === "sticker") bubble.classList.add("bare");
  if (message.origin)
    bubble.append(
      element("p", "origin", `${text(`origin.${message.origin.what}`)} ${message.origin.of}`.trim()),
    );
  if (message.quote) bubble.append(quoteElement(message.quote));
  if (message.subject) bubble.append(element("p", "subject", message.subject));
  const files = (message.media ?? []).map((one) => mediaElement(stage, one, message));
  if (!message.subject) bubble.append(...files);
  if (message.place) bubble.append(placeElement(message.place));
  if (message.contact)
    bubble.append(element("p", "card", `👤 ${message.contact.name}\n${message.contact.phone}`));
  if (message.html) bubble.append(letterElement(stage, message));
  else if (message.text) bubble.append(textElement(message));
  if (message.subject) bubble.append(...files);
  bubble.append(metaElement(message));
  const column = element("div", `row ${message.by}`);
  column.dataset.id = message.id;
  column.append(bubble, toolsElement(message, chat, on));
  if (message.buttons?.length) column.append(keyboardElement(message, on));
  return column;
}

function quoteElement({ name, text: words }) {
  const quote = element("div", "quote");
  quote.append(element("b", "", name), element("span", "", words));
  return quote;
}

function mediaElement(stage, media, { text: caption }) {
  const source = fileUrl(stage, media.id);
  if (media.kind === "photo" || media.kind === "sticker") {
    const image = element("img", media.spoiler ? "spoiler" : media.kind);
    image.src = source;
    image.alt = caption || text(media.kind);
    image.addEventListener("click", () => image.classList.remove("spoiler"));
    return image;
  }
  if (["video", "animation", "video_note"].includes(media.kind)) return playable("video", media, source);
  if (["voice", "audio"].includes(media.kind)) return playable("audio", media, source);
  const link = element("a", "file");
  link.href = source;
  link.download = media.name;
  link.append(element("b", "", media.name), element("span", "", sizeText(media.size)));
  return link;
}

function playable(tag, media, source) {
  const player = element(tag, media.kind);
  player.src = source;
  player.controls = true;
  player.preload = "metadata";
  player.setAttribute("aria-label", text(tag === "video" ? "video" : "audio"));
  return player;
}

function placeElement({ latitude, longitude, title, address }) {
  const where = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return element("p", "card", [`📍 ${title ?? where}`, address].filter(Boolean).join("\n"));
}

/** A letter as a mail program shows it; it can run nothing and load nothing. */
function letterElement(stage, { html, subject }) {
  const frame = element("iframe", "letter");
  frame.src = fileUrl(stage, html);
  frame.title = subject || text("letter");
  frame.setAttribute("sandbox", "");
  return frame;
}

function sizeText(size) {
  return size < 1024 * 1024 ? `${Math.ceil(size / 1024)} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`;
}

const tags = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
  spoiler: "mark",
};

/** Entities may nest but never cross, so the longest at each place is opened first. */
function textElement({ text: words, entities = [] }) {
  const paragraph = element("p", "text");
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(paragraph, words, 0, words.length, sorted);
  return paragraph;
}

function fill(parent, words, from, to, entities) {
  let at = from;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue;
    parent.append(words.slice(at, entity.offset));
    const inside = entities.slice(index + 1).filter((one) => one.offset < end);
    const node = entityElement(entity, words.slice(entity.offset, end));
    fill(node, words, entity.offset, end, inside);
    parent.append(node);
    at = end;
  }
  parent.append(words.slice(at, to));
}

function entityElement({ type, url }, words) {
  const address = type === "text_link" ? url : type === "url" ? words : undefined;
  if (!address || !/^https?:/.test(address)) return element(tags[type] ?? "span");
  const link = element("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

const ticks = { sent: "✓", delivered: "✓✓", read: "✓✓", failed: "!" };

function metaElement({ at, by, edited, reactions, state }) {
  const line = element("footer");
  for (const emoji of reactions) line.append(element("span", "reaction", emoji));
  const clock = new Date(at).toLocaleTimeString(currentLocale(), { hour: "2-digit", minute: "2-digit" });
  line.append(element("time", "", edited ? `${text("edited")} ${clock}` : clock));
  if (state && by === "customer") {
    const sign = element("span", `tick ${state}`, ticks[state]);
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", text(`state.${state}`));
    line.append(sign);
  }
  return line;
}

/** One button in the line of Tab; the others appear when it is pressed. */
function toolsElement(message, { emojis, replies }, on) {
  const choices = [
    ...(message.acts.includes("react") ? emojis.map((emoji) => reactTool(message, emoji, on)) : []),
    ...(replies ? [tool("reply", "reply", () => on.reply(message))] : []),
    ...(message.acts.includes("edit") ? [tool("edit", "edit", () => on.edit(message))] : []),
    ...(message.acts.includes("unsend") ? [tool("trash", "unsend", () => on.unsend(message))] : []),
  ];
  const place = element("div", "about");
  if (choices.length === 0) return place;
  const list = element("div", "choices");
  list.hidden = true;
  list.append(...choices);
  const opener = tool("more", "doWith", () => {
    list.hidden = !list.hidden;
    opener.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) list.firstElementChild.focus();
  });
  opener.classList.add("opener");
  opener.setAttribute("aria-expanded", "false");
  opener.dataset.key = `about ${message.id}`;
  place.append(opener, list);
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    opener.click();
    opener.focus();
  });
  return place;
}

function reactTool(message, emoji, on) {
  const mine = message.reaction === emoji;
  const button = tool(undefined, "react", () => on.react(message, mine ? "" : emoji));
  button.textContent = emoji;
  button.setAttribute("aria-label", `${text("react")} ${emoji}`);
  button.setAttribute("aria-pressed", String(mine));
  return button;
}

function tool(sign, label, action) {
  const button = element("button", "quiet round");
  button.type = "button";
  button.title = text(label);
  button.setAttribute("aria-label", text(label));
  if (sign) button.append(icon(sign));
  button.addEventListener("click", action);
  return button;
}

function keyboardElement(message, on) {
  const keyboard = element("div", "keyboard");
  let index = 0;
  for (const row of message.buttons) {
    const line = element("div");
    for (const { title, url } of row) {
      const place = index++;
      const button = element("button", "", url ? `${title} ↗` : title);
      button.type = "button";
      button.dataset.key = `press ${message.id} ${place}`;
      button.addEventListener("click", () =>
        url ? window.open(url, "_blank", "noopener") : on.press(message, place),
      );
      line.append(button);
    }
    keyboard.append(line);
  }
  return keyboard;
}

/** The day on which what follows was said. */
export function dayElement(at) {
  const day = new Date(at).toLocaleDateString(currentLocale(), { day: "numeric", month: "long" });
  return element("p", "day", day);
}
