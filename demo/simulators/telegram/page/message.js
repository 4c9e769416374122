/** One message as an element. Texts are only ever set as text: nothing a bot sends becomes markup. */
import { currentLanguage, text } from "/texts.js";

export const reactions = ["👍", "❤", "🔥", "😁", "🎉", "🙏"];

/** `on` has what a person can do with it: reply, edit, react, press. */
export function messageElement(message, on) {
  const bubble = element("article", `bubble ${message.by}`);
  bubble.dataset.id = message.id;
  if (message.media?.kind === "sticker") bubble.classList.add("bare");
  if (message.forwardedFrom)
    bubble.append(element("p", "origin", `${text("forwarded")} ${message.forwardedFrom}`));
  if (message.quote) bubble.append(quoteElement(message.quote));
  if (message.media) bubble.append(mediaElement(message));
  if (message.place) bubble.append(placeElement(message.place));
  if (message.contact)
    bubble.append(element("p", "card", `👤 ${message.contact.name}\n${message.contact.phone}`));
  if (message.text) bubble.append(textElement(message));
  bubble.append(metaElement(message), toolsElement(message, on));
  const column = element("div", `row ${message.by}`);
  column.append(bubble);
  if (message.buttons) column.append(keyboardElement(message, on));
  return column;
}

export function element(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

export function fileUrl(id) {
  return `/sim/files/${encodeURIComponent(id)}`;
}

function quoteElement({ id, name, text: words }) {
  const quote = element("button", "quote");
  quote.type = "button";
  quote.append(element("b", "", name), element("span", "", words));
  quote.addEventListener("click", () =>
    document.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
  );
  return quote;
}

function mediaElement({ media, spoiler, emoji, text: caption }) {
  const source = fileUrl(media.id);
  if (media.kind === "photo" || media.kind === "sticker") {
    const image = element("img", spoiler ? "spoiler" : media.kind);
    image.src = source;
    image.alt = emoji ?? caption ?? media.name;
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
  return player;
}

function placeElement({ latitude, longitude, title, address }) {
  const where = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return element("p", "card", [`📍 ${title ?? where}`, address].filter(Boolean).join("\n"));
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
function textElement({ text: words, entities }) {
  const paragraph = element("p", "text");
  fill(
    paragraph,
    words,
    0,
    words.length,
    [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length),
  );
  return paragraph;
}

function fill(parent, words, from, to, entities) {
  let at = from;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue;
    parent.append(words.slice(at, entity.offset));
    const node = entityElement(entity, words.slice(entity.offset, end));
    fill(node, words, entity.offset, end, entities.slice(index + 1));
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

function metaElement({ date, edited, reactions: given }) {
  const line = element("footer");
  for (const emoji of [...given.customer, ...given.bot]) line.append(element("span", "reaction", emoji));
  const clock = new Date(date * 1000).toLocaleTimeString(currentLanguage(), {
    hour: "2-digit",
    minute: "2-digit",
  });
  line.append(element("time", "", edited ? `${text("edited")} ${clock}` : clock));
  return line;
}

function toolsElement(message, on) {
  const tools = element("div", "tools");
  for (const emoji of reactions) {
    const mine = message.reactions.customer.includes(emoji);
    tools.append(tool(emoji, `${text("react")} ${emoji}`, () => on.react(message.id, mine ? [] : [emoji])));
  }
  tools.append(tool("↩", text("reply"), () => on.reply(message)));
  if (message.by === "customer" && message.text)
    tools.append(tool("✎", text("edit"), () => on.edit(message)));
  return tools;
}

function tool(sign, label, action) {
  const button = element("button", "", sign);
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", action);
  return button;
}

function keyboardElement({ id, buttons }, on) {
  const keyboard = element("div", "keyboard");
  let index = 0;
  for (const row of buttons) {
    const line = element("div");
    for (const { title, url } of row) {
      const place = index++;
      const button = element("button", "", url ? `${title} ↗` : title);
      button.type = "button";
      button.addEventListener("click", () =>
        url ? window.open(url, "_blank", "noopener") : on.press(id, place),
      );
      line.append(button);
    }
    keyboard.append(line);
  }
  return keyboard;
}
