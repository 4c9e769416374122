// Emoji with their English and Russian names; 200 KB that only those load who look for an emoji.
import { locale } from "../../../ui/i18n.ts";

export interface Emoji {
  sign: string;
  /** In the reader's language. */
  label: string;
  /** What it is found by, in both. */
  words: string;
  group: number;
}

let loading: Promise<Emoji[]> | undefined;

export function loadEmoji(): Promise<Emoji[]> {
  loading ??= read();
  return loading;
}

/** Groups as emojibase numbers them; 2 holds skin tones alone. */
export const emojiGroups = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;

const recentKey = "emoji-recent";

export function recentEmoji(): string[] {
  return (localStorage.getItem(recentKey) ?? "👍 🙂 🙏 ❤️ 🎉 ✅ 👋 🔥").split(" ").slice(0, 24);
}

export function rememberEmoji(sign: string): void {
  localStorage.setItem(
    recentKey,
    [sign, ...recentEmoji().filter((one) => one !== sign)].slice(0, 24).join(" "),
  );
}

async function read(): Promise<Emoji[]> {
  const [english, russian] = await Promise.all([
    import("emojibase-data/en/compact.json"),
    import("emojibase-data/ru/compact.json"),
  ]);
  const other = new Map(russian.default.map((one) => [one.hexcode, one]));
  return english.default
    .filter((one) => one.group !== undefined && one.group !== 2)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((one) => {
      const translated = other.get(one.hexcode);
      const label = locale.value === "ru" ? (translated?.label ?? one.label) : one.label;
      const words = [
        one.label,
        ...(one.tags ?? []),
        translated?.label ?? "",
        ...(translated?.tags ?? []),
      ].join(" ");
      return { sign: one.unicode, label, words, group: one.group ?? 0 };
    });
}
