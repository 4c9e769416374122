/** Words of the page; the browser's language decides until a person does. */
const words = {
  en: {
    title: "Customers",
    subtitle: "Play the people who write to you",
    messengers: "Messengers",
    people: "Customers",
    add: "New customer",
    choose: "Choose a messenger and a customer, and write as them. Answers appear here at once.",
    noAccounts: "The business has no account on this simulated messenger.",
    account: "Whom they write to",
    conversation: "Conversation",
    back: "Back to the customers",
    more: "What may happen",
    close: "Close",
    online: "online",
    typing: "is typing …",
    blocked: "blocked",
    closed: "a day without a word",
    start: "Start",
    block: "Block the business",
    unblock: "Unblock",
    read: "Read everything",
    wait: "Let a day pass",
    onPhone: "On this phone",
    onPhoneHint: "What the customer does without a word.",
    trouble: "The next answer",
    troubleHint: "The messenger fails once, at the next message of the business.",
    armed: "The next answer meets this:",
    "failure.429": "Too many requests",
    "failure.5xx": "An error of the messenger",
    "failure.no_answer": "Taken, but nobody says so",
    "failure.refused": "Refused for good",
    write: "Message",
    subject: "Subject (empty: the same thread)",
    send: "Send",
    photo: "Photo",
    file: "File",
    voice: "Voice message",
    record: "Record a voice message",
    video: "Video",
    audio: "Recording",
    location: "Location",
    contact: "Contact",
    ownContact: "Own contact",
    sticker: "Sticker",
    story: "Answer a story of the business",
    storyWords: "😍",
    animation: "GIF",
    video_note: "Round video",
    document: "File",
    contacts: "Contact",
    letter: "Letter",
    edited: "edited",
    "origin.forwarded": "Forwarded from",
    "origin.story": "To a story of the business",
    "origin.template": "Template",
    "origin.pressed": "Pressed a button",
    doWith: "React, answer and more",
    reply: "Reply",
    edit: "Edit",
    unsend: "Take back",
    react: "React",
    cancel: "Cancel",
    name: "Name",
    "asks.username": "User name (may be empty)",
    "asks.phone": "Phone (may be empty)",
    "asks.address": "E-mail address (may be empty)",
    "state.sent": "Sent",
    "state.delivered": "Delivered",
    "state.read": "Read by the business",
    "state.failed": "Not delivered",
    theme: "Light or dark",
    noMicrophone: "The microphone is not available.",
    failed: "That did not work:",
    language: "Русский",
  },
  ru: {
    title: "Клиенты",
    subtitle: "Побудьте теми, кто вам пишет",
    messengers: "Мессенджеры",
    people: "Клиенты",
    add: "Новый клиент",
    choose: "Выберите мессенджер и клиента и пишите от его имени. Ответы появятся здесь сразу.",
    noAccounts: "В этом мессенджере-имитаторе у компании нет аккаунта.",
    account: "Кому пишут",
    conversation: "Переписка",
    back: "Назад к клиентам",
    more: "Что может случиться",
    close: "Закрыть",
    online: "в сети",
    typing: "печатает …",
    blocked: "заблокирован",
    closed: "день без единого слова",
    start: "Начать",
    block: "Заблокировать компанию",
    unblock: "Разблокировать",
    read: "Прочитать всё",
    wait: "Пусть пройдёт день",
    onPhone: "На этом телефоне",
    onPhoneHint: "Что клиент делает молча.",
    trouble: "Следующий ответ",
    troubleHint: "Мессенджер подведёт один раз, на следующем сообщении компании.",
    armed: "Следующий ответ встретит:",
    "failure.429": "Слишком много запросов",
    "failure.5xx": "Ошибка мессенджера",
    "failure.no_answer": "Принято, но ответа нет",
    "failure.refused": "Отказ насовсем",
    write: "Сообщение",
    subject: "Тема (пусто: та же переписка)",
    send: "Отправить",
    photo: "Фото",
    file: "Файл",
    voice: "Голосовое",
    record: "Записать голосовое",
    video: "Видео",
    audio: "Запись",
    location: "Место",
    contact: "Контакт",
    ownContact: "Свой контакт",
    sticker: "Стикер",
    story: "Ответить на историю компании",
    storyWords: "😍",
    animation: "GIF",
    video_note: "Кружок",
    document: "Файл",
    contacts: "Контакт",
    letter: "Письмо",
    edited: "изменено",
    "origin.forwarded": "Переслано от",
    "origin.story": "На историю компании",
    "origin.template": "Шаблон",
    "origin.pressed": "Нажата кнопка",
    doWith: "Реакция, ответ и другое",
    reply: "Ответить",
    edit: "Изменить",
    unsend: "Отозвать",
    react: "Реакция",
    cancel: "Отмена",
    name: "Имя",
    "asks.username": "Имя пользователя (можно не указывать)",
    "asks.phone": "Телефон (можно не указывать)",
    "asks.address": "Адрес e-mail (можно не указывать)",
    "state.sent": "Отправлено",
    "state.delivered": "Доставлено",
    "state.read": "Прочитано компанией",
    "state.failed": "Не доставлено",
    theme: "Светлая или тёмная",
    noMicrophone: "Микрофон недоступен.",
    failed: "Не получилось:",
    language: "English",
  },
};

let language = localStorage.getItem("language") ?? (navigator.language.startsWith("ru") ? "ru" : "en");

export function text(key) {
  return words[language][key] ?? key;
}

export function currentLanguage() {
  return language;
}

/** For times and dates. */
export function currentLocale() {
  return language === "ru" ? "ru" : "en-GB";
}

export function switchLanguage() {
  language = language === "ru" ? "en" : "ru";
  localStorage.setItem("language", language);
  translatePage();
}

/** Words beside an icon keep it. */
export function translatePage() {
  document.documentElement.lang = language;
  document.title = text("title");
  for (const node of document.querySelectorAll("[data-text]")) {
    const icon = node.querySelector(":scope > svg");
    node.textContent = text(node.dataset.text);
    if (icon) node.prepend(icon);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    const label = text(node.dataset.label);
    if (node.matches("button, label")) node.title = label;
    (node.control ?? node).setAttribute("aria-label", label);
  }
  for (const node of document.querySelectorAll("[data-placeholder]"))
    node.placeholder = text(node.dataset.placeholder);
  document.getElementById("language").textContent = text("language");
}
