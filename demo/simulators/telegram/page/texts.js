/** Words of the page; the browser's language decides until a person does. */
const words = {
  en: {
    title: "Customers",
    subtitle: "Play the people who write to you",
    add: "Add a customer",
    choose: "Choose a customer on the left and write as them. Answers appear here at once.",
    noBots: "No bot is connected yet. Connect one in the hub: it appears here by itself.",
    bot: "Bot",
    online: "bot",
    typing: "is typing …",
    blocked: "blocked",
    block: "Block",
    unblock: "Unblock",
    write: "Message",
    send: "Send",
    photo: "Photo",
    file: "File",
    voice: "Record a voice message",
    stop: "Stop and send",
    location: "Location",
    contact: "Own contact",
    sticker: "Sticker",
    start: "START",
    edited: "edited",
    forwarded: "Forwarded from",
    reply: "Reply",
    edit: "Edit",
    react: "React",
    cancel: "Cancel",
    name: "Name",
    username: "User name (may be empty)",
    theme: "Light or dark",
    you: "You",
    noMicrophone: "The microphone is not available.",
    failed: "That did not work:",
    language: "Русский",
  },
  ru: {
    title: "Клиенты",
    subtitle: "Побудьте теми, кто вам пишет",
    add: "Добавить клиента",
    choose: "Выберите клиента слева и пишите от его имени. Ответы появятся здесь сразу.",
    noBots: "Ни один бот ещё не подключён. Подключите его в хабе: он появится здесь сам.",
    bot: "Бот",
    online: "бот",
    typing: "печатает …",
    blocked: "заблокирован",
    block: "Заблокировать",
    unblock: "Разблокировать",
    write: "Сообщение",
    send: "Отправить",
    photo: "Фото",
    file: "Файл",
    voice: "Записать голосовое",
    stop: "Остановить и отправить",
    location: "Место",
    contact: "Свой контакт",
    sticker: "Стикер",
    start: "СТАРТ",
    edited: "изменено",
    forwarded: "Переслано от",
    reply: "Ответить",
    edit: "Изменить",
    react: "Реакция",
    cancel: "Отмена",
    name: "Имя",
    username: "Имя пользователя (можно не указывать)",
    theme: "Светлая или тёмная",
    you: "Вы",
    noMicrophone: "Микрофон недоступен.",
    failed: "Не получилось:",
    language: "English",
  },
};

let language = localStorage.getItem("language") ?? (navigator.language.startsWith("ru") ? "ru" : "en");

export function text(key) {
  return words[language][key];
}

export function currentLanguage() {
  return language;
}

export function switchLanguage() {
  language = language === "ru" ? "en" : "ru";
  localStorage.setItem("language", language);
  translatePage();
}

export function translatePage() {
  document.documentElement.lang = language;
  document.title = text("title");
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.title = text(node.dataset.label);
    node.setAttribute("aria-label", node.title);
  }
  for (const node of document.querySelectorAll("[data-placeholder]"))
    node.placeholder = text(node.dataset.placeholder);
  document.getElementById("language").textContent = text("language");
}
