/** Message templates of the studio, as the platform has approved them. */
import type { WhatsappSimulator } from "./simulators/whatsapp.ts";

const template = (name: string, language: string, category: string, text: string, ...example: string[]) => ({
  name,
  language,
  status: "APPROVED",
  category,
  components: [
    { type: "BODY", text, ...(example.length > 0 && { example: { body_text: [example] } }) },
    { type: "FOOTER", text: language === "ru" ? "Глина и Ко" : "Clay & Co" },
  ],
});

export const templates: WhatsappSimulator["templates"] = [
  template(
    "order_ready",
    "en",
    "UTILITY",
    "Hello {{1}}, your order {{2}} is out of the kiln and ready. Answer here and we send it or keep it for you.",
    "Kate",
    "2214",
  ),
  template(
    "order_ready",
    "ru",
    "UTILITY",
    "Здравствуйте, {{1}}! Ваш заказ {{2}} обожжён и готов. Ответьте здесь: отправим или оставим до вас.",
    "Катя",
    "2214",
  ),
  template(
    "class_reminder",
    "en",
    "UTILITY",
    "Your class is on {{1}} at {{2}}. Aprons are ours, short nails are better.",
    "Saturday",
    "11:00",
  ),
  template(
    "class_reminder",
    "ru",
    "UTILITY",
    "Ваше занятие: {{1}} в {{2}}. Фартуки наши, ногти лучше короткие.",
    "суббота",
    "11:00",
  ),
];
