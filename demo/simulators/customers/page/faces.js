/** Small parts: elements, faces, icons. */
import { fileUrl } from "/ask.js";

export function element(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

export function faceElement(stage, { name, photo }) {
  const face = element("span", "face", photo ? "" : initials(name));
  face.setAttribute("aria-hidden", "true");
  face.dataset.hue = String([...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6);
  if (photo) {
    const image = element("img");
    image.src = fileUrl(stage, photo);
    image.alt = "";
    face.append(image);
  }
  return face;
}

function initials(name) {
  return (name.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? ["?"]).slice(0, 2).join("");
}

const paths = {
  add: "M12 5v14M5 12h14",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M4 20c0-4 3.600-6 8-6s8 2 8 6M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  file: "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.400 3.400 0 0 1 5 5l-8.500 8.400a1.700 1.700 0 0 1-2.400-2.400L15 7",
  location:
    "M12 21s-7-6-7-11a7 7 0 0 1 14 0c0 5-7 11-7 11M12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
  more: "M5 11.500v1M12 11.500v1M19 11.500v1",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 4M15.500 9.500h.01",
  reply: "M9 7l-5 5 5 5M4 12h10a6 6 0 0 1 6 6v1",
  send: "M4 12l16-7-7 16-2-7z",
  sticker: "M12 3a9 9 0 1 0 9 9M21 12c-5 0-9-4-9-9M8.500 13.500s1.300 2 3.500 2 3.500-2 3.500-2M9 9.500h.01",
  story: "M12 3a9 9 0 1 1-6.400 2.600M12 8v8M8 12h8",
  theme: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  voice: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3M6 11a6 6 0 0 0 12 0M12 17v4",
  edit: "M4 20h4L19 9l-4-4L4 16z",
};

/** Drawn with the current colour; hidden from those who listen, so its button needs a label. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.classList.add("icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", paths[name]);
  drawing.append(path);
  return drawing;
}
