/** Writing: words, files, a voice, stickers. What there is of it, the chat tells. */
import { post, upload } from "/ask.js";
import { element } from "/faces.js";
import { text } from "/texts.js";

const find = (id) => document.getElementById(id);
const stickers = ["👍", "🎉", "😍", "😂", "🤔", "😢", "🔥", "☕"];
const somewhere = { latitude: 55.7558, longitude: 37.6173 };

/** `place` gives whose phone it is; `attempt` runs what a click asked for and tells when it fails. */
export function createComposer({ place, attempt }) {
  let context;
  let recorder;

  /** The message that is being answered or changed. */
  function setContext(next) {
    context = next;
    find("context").hidden = !next;
    if (!next) return;
    const { kind, message } = next;
    find("context").firstElementChild.textContent =
      `${text(kind)}: ${message.subject || message.text || "…"}`;
    if (kind === "edit") find("text").value = message.text;
    find("text").focus();
  }

  function take() {
    const words = find("text").value.trim();
    const subject = find("subject").hidden ? "" : find("subject").value.trim();
    find("text").value = "";
    find("subject").value = "";
    const replyTo = context?.kind === "reply" ? context.message.id : undefined;
    setContext(undefined);
    return { words, more: { ...(subject && { subject }), ...(replyTo && { replyTo }) } };
  }

  async function send() {
    if (!find("text").value.trim()) return;
    const changed = context?.kind === "edit" ? context.message.id : undefined;
    const { words, more } = take();
    if (changed) return post("/acts", { ...place(), do: "edit", message: changed, text: words });
    await post("/acts", { ...place(), do: "say", text: words, ...more });
  }

  async function sendFiles(input, kindOf) {
    const { words, more } = take();
    let caption = words || undefined;
    for (const file of input.files) {
      await upload(place(), file, { as: kindOf(file), name: file.name, caption, ...more });
      caption = undefined;
    }
    input.value = "";
  }

  /** Records until the button is pressed again. */
  async function toggleVoice(button) {
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
        button.classList.remove("recording");
        for (const track of stream.getTracks()) track.stop();
        const duration = Math.max(1, Math.round((Date.now() - began) / 1000));
        await upload(place(), new Blob(chunks), {
          as: "voice",
          duration,
          name: "voice.webm",
          ...take().more,
        });
      }),
    );
    recorder.start();
    button.classList.add("recording");
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
    await upload(place(), picture, { as: "sticker", emoji, name: "sticker.webp" });
  }

  const acts = {
    location: () => post("/acts", { ...place(), do: "location", ...somewhere }),
    contact: () => post("/acts", { ...place(), do: "contact", phone: "+79160001122" }),
    story: () => {
      const { words } = take();
      return post("/acts", { ...place(), do: "story", text: words || text("storyWords") });
    },
  };

  function wire() {
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
    for (const button of find("tools").querySelectorAll("[data-act]"))
      button.addEventListener("click", attempt(acts[button.dataset.act]));
    for (const label of find("tools").querySelectorAll("label")) wireFile(label);
    const voice = find("tools").querySelector("button[data-file=voice]");
    voice.addEventListener(
      "click",
      attempt(() => toggleVoice(voice)),
    );
    const sticker = find("tools").querySelector("button[data-file=sticker]");
    sticker.addEventListener("click", () => (find("stickers").hidden = !find("stickers").hidden));
    find("stickers").replaceChildren(...stickers.map(stickerElement));
  }

  function wireFile(label) {
    const kindOf = label.dataset.file === "photo" ? () => "photo" : fileKind;
    label.control.addEventListener(
      "change",
      attempt(({ target }) => sendFiles(target, kindOf)),
    );
  }

  function stickerElement(emoji) {
    const button = element("button", "quiet", emoji);
    button.type = "button";
    button.addEventListener(
      "click",
      attempt(() => sendSticker(emoji)),
    );
    return button;
  }

  /** Shows what this chat takes. */
  function show(chat) {
    const writes = chat.acts.includes("say");
    find("compose").hidden = !writes;
    if (!writes) setContext(undefined);
    find("subject").hidden = !chat.letters || context !== undefined;
    for (const one of find("tools").querySelectorAll("[data-act]"))
      one.hidden = !chat.acts.includes(one.dataset.act);
    for (const one of find("tools").querySelectorAll("[data-file]"))
      one.hidden = !chat.files.includes(one.dataset.file);
    find("stickers").hidden ||= !chat.files.includes("sticker");
  }

  wire();
  return { show, setContext };
}

function fileKind({ type }) {
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") ? "audio" : "document";
}
