/** Small pages where a tap ends that a browser may answer with nothing: what to press, and what to look for. */
import { createHash } from "node:crypto";
import type { Response } from "express";
import { markup, Markup, type Part } from "./blocks/html.ts";
import { appLink, wayOut, type InApp } from "./in-app.ts";

const en = {
  open: "Open the app",
  back: "Back to the card",
  hint: "If nothing opens, the app is not installed here. This is what to look for in it:",
  browser: "Open in the browser",
  save: "Save the contact",
  noFiles: "This app keeps no files. Open the contact in the browser, and it is saved there.",
  noFile: "This app keeps no files. Open it in the browser, and it is saved there.",
  nothing: "If nothing happens:",
  file: "Try to save it here",
  write: "Or write it down:",
  menu: {
    instagram: "Press ⋯ at the top right, then “Open in external browser”.",
    facebook: "Press ⋯ at the top right, then “Open in external browser”.",
    tiktok: "Press ⋯ at the top right, then “Open in browser”.",
    telegram: "Press ⋮ or the compass at the top right, then “Open in…”.",
    other: "Open the menu of this page (⋯ or ⋮), then “Open in browser”.",
  },
};
const ru: typeof en = {
  open: "Открыть приложение",
  back: "Назад к визитке",
  hint: "Если ничего не открылось, приложения здесь нет. Вот что найти в нём:",
  browser: "Открыть в браузере",
  save: "Сохранить контакт",
  noFiles: "Это приложение не сохраняет файлы. Откройте контакт в браузере, и он сохранится.",
  noFile: "Это приложение не сохраняет файлы. Откройте файл в браузере, и он сохранится.",
  nothing: "Если ничего не произошло:",
  file: "Попробовать сохранить здесь",
  write: "Или запишите:",
  menu: {
    instagram: "Нажмите ⋯ справа вверху, затем «Открыть во внешнем браузере».",
    facebook: "Нажмите ⋯ справа вверху, затем «Открыть во внешнем браузере».",
    tiktok: "Нажмите ⋯ справа вверху, затем «Открыть в браузере».",
    telegram: "Нажмите ⋮ или компас справа вверху, затем «Открыть в…».",
    other: "Откройте меню этой страницы (⋯ или ⋮), затем «Открыть в браузере».",
  },
};
const wordsOf = (language: string): typeof en => (language.startsWith("ru") ? ru : en);

const style =
  "body{margin:0;background:#fff;color:#1a1a1a;font:17px/1.45 system-ui,sans-serif}main{max-width:430px;margin:0 auto;padding:40px 20px}h1{font-size:24px;line-height:1.2;margin:0 0 12px}p{margin:0 0 16px}a{color:#0b57d0}.b{display:block;padding:14px;border-radius:12px;background:#1a1a1a;color:#fff;text-align:center;text-decoration:none;font-weight:600}b{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{background:#141414;color:#eee}a{color:#a8c7fa}.b{background:#eee;color:#141414}}";
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export interface InstructionPlace {
  language: string;
  /** Of the card's page. */
  home: string;
  inApp: InApp | undefined;
  /** The address that was tapped, absolute, without what only this page means. */
  self: string;
}

/** An app's own address. In a browser it is opened at once; inside of another app that would end in an error page. */
export function sendToApp(
  response: Response,
  target: string,
  { language, home, inApp, self }: InstructionPlace,
): void {
  const say = wordsOf(language);
  const link = inApp ? appLink(inApp, target, `${self}&stay=1`) : target;
  send(response, language, say.open, !inApp && target, [
    markup`<h1>${say.open}</h1><p><a class="b" href="${link}">${say.open}</a></p>`,
    markup`<p>${say.hint}<br><b>${plainOf(target)}</b></p>`,
    inApp && markup`<p><a href="${wayOut(inApp, self)}">${say.browser}</a></p>`,
    inApp && markup`<p>${say.nothing} ${say.menu[inApp.app]}</p>`,
    markup`<p><a href="${home}">${say.back}</a></p>`,
  ]);
}

/** Instead of a file that would not be kept. `facts`: what of the contact can be written down or pressed. */
export function sendWayToContact(
  response: Response,
  { language, home, inApp, self }: InstructionPlace & { inApp: InApp },
  { name, facts, file }: { name: string; facts: { text: string; href: string }[]; file: string },
): void {
  const say = wordsOf(language);
  const list = facts.map(({ text, href }) => markup`<br><a href="${href}"><b>${text}</b></a>`);
  send(response, language, say.save, false, [
    markup`<h1>${name}</h1><p>${say.noFiles}</p><p><a class="b" href="${wayOut(inApp, self)}">${say.browser}</a></p>`,
    markup`<p>${say.nothing} ${say.menu[inApp.app]}</p>`,
    list.length > 0 && markup`<p>${say.write}${list}</p>`,
    markup`<p><a href="${file}">${say.file}</a></p><p><a href="${home}">${say.back}</a></p>`,
  ]);
}

/** The same for a document of the card. */
export function sendWayToFile(
  response: Response,
  { language, home, inApp, self }: InstructionPlace & { inApp: InApp },
  { name, file }: { name: string; file: string },
): void {
  const say = wordsOf(language);
  send(response, language, name, false, [
    markup`<h1>${name}</h1><p>${say.noFile}</p><p><a class="b" href="${wayOut(inApp, self)}">${say.browser}</a></p>`,
    markup`<p>${say.nothing} ${say.menu[inApp.app]}</p>`,
    markup`<p><a href="${file}">${say.file}</a></p><p><a href="${home}">${say.back}</a></p>`,
  ]);
}

function send(
  response: Response,
  language: string,
  title: string,
  opens: string | false,
  parts: Part[],
): void {
  const refresh = opens && markup`<meta http-equiv="refresh" content="0;url=${opens}">`;
  const head = markup`<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">${refresh}<title>${title}</title><style>${new Markup(style)}</style>`;
  const page = markup`<!doctype html><html lang="${language.startsWith("ru") ? "ru" : "en"}"><head>${head}</head><body><main>${parts}</main></body></html>`;
  response.set({ "content-security-policy": policy, "cache-control": "no-store" });
  response.set({ "x-robots-tag": "noindex, nofollow" }).type("html").send(page.source);
}

/** The number or name in an app's address. */
function plainOf(target: string): string {
  const value =
    /(?:number=|chatURI=|weixin:.*chat\?|^(?:tel|sms|skype|mailto):)([^&?]+)/.exec(target)?.[1] ?? target;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a lone percent sign is shown as it is
  }
}
