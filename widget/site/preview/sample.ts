/** A conversation for the preview, in the visitor's language where there is one. */
import type { ChatMessage, ChatThread, PageConfig } from "../../schema.ts";

interface Words {
  question: string;
  answer: string;
  buttons: [string, string];
  reply: string;
  greeting: string;
}
const words: Record<"en" | "ru", Words> = {
  en: {
    question: "Do you deliver on Saturdays?",
    answer: "Yes, from ten to six. When would it suit you?",
    buttons: ["Before noon", "After noon"],
    reply: "Thank you, we answer soon.",
    greeting: "Can we help you to choose?",
  },
  ru: {
    question: "Вы доставляете по субботам?",
    answer: "Да, с десяти до шести. Когда вам удобно?",
    buttons: ["До полудня", "После полудня"],
    reply: "Спасибо, скоро ответим.",
    greeting: "Помочь вам выбрать?",
  },
};
export const sampleThread = "preview-sample";

export function wordsOf(locale: string): Words {
  return words[locale.startsWith("ru") ? "ru" : "en"];
}

/** With the day before yesterday's conversation the home view shows its "Earlier". */
export function sampleChat(config: PageConfig): { thread: ChatThread; messages: ChatMessage[] } {
  const { question, answer, buttons } = wordsOf(config.locale);
  const at = (hoursAgo: number): string => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const by = config.people[0];
  const messages: ChatMessage[] = [
    { id: "sample-1", seq: 1, rev: 1, mine: true, text: question, at: at(48.1) },
    {
      id: "sample-2",
      seq: 2,
      rev: 2,
      mine: false,
      text: answer,
      at: at(48),
      buttons: buttons.map((title) => ({ title, value: title })),
      ...(by ? { by } : {}),
    },
  ];
  return { thread: threadOf(sampleThread, messages, by), messages };
}

/** A chat whose messages are these, as the hub would tell of it. */
export function threadOf(key: string, messages: ChatMessage[], by?: ChatMessage["by"]): ChatThread {
  const last = messages.at(-1);
  return {
    key,
    preview: last?.text ?? "",
    at: last?.at ?? new Date().toISOString(),
    unread: 0,
    lastSeq: last?.seq ?? 0,
    cursor: `preview:${last?.rev ?? 0}`,
    readSeq: last?.seq ?? 0,
    resolved: false,
    ...(by ? { by } : {}),
  };
}
