/** A greeting above the launcher: loaded when one is due, so that pages without any do not pay for it. */
import type { Bridge, Greeting, Wish } from "./bridge.ts";
import { followSite } from "./site-theme.ts";

/** Shows it, without taking the focus; `shut` is asked for by its cross and by Escape. Returns what takes it away. */
export function greet(bridge: Bridge, said: Greeting, shut: () => void): () => void {
  const { root, kept } = bridge;
  const config = bridge.welcome()?.config;
  if (said.id) {
    kept.rules[said.id] = { at: Date.now(), visit: kept.visits };
    bridge.keep();
    bridge.send({ t: "rule", id: said.id, what: "shown" });
  }
  const go = (how?: Wish) => () => {
    if (said.id) bridge.send({ t: "rule", id: said.id, what: "opened" });
    bridge.open({ ruleId: said.id, ...how });
  };
  const cross = element("button", "c", "×");
  cross.ariaLabel = config?.labels[2] ?? "";
  cross.onclick = shut;
  const text = element("p", "", said.greeting);
  text.onclick = go();
  const answers = element("div");
  for (const { title, linkId } of said.answers) {
    const answer = element("button", "", title);
    answer.onclick = go({ linkId, say: title });
    answers.append(answer);
  }
  followSite(root.host);
  const box = element("section", "g");
  box.role = "status";
  root.append(box);
  const name = element("b", "", said.by.name);
  box.append(
    face(bridge.hub, said.by),
    name,
    element("small", "", config?.texts.title),
    cross,
    text,
    answers,
  );
  const onKey = (event: Event): void => {
    if ((event as KeyboardEvent).key === "Escape") shut();
  };
  root.addEventListener("keydown", onKey);
  return () => {
    root.removeEventListener("keydown", onKey);
    box.remove();
  };
}

function face(hub: string, { name, photo }: Greeting["by"]): HTMLElement {
  if (!photo) return element("i", "", name[0]);
  const picture = element("img");
  picture.alt = "";
  picture.src = hub + photo;
  return picture;
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
