import type { ReactionTypeEmoji } from "grammy/types";

type ReactionEmoji = ReactionTypeEmoji["emoji"];

/** The emoji a bot may react with: https://core.telegram.org/bots/api#reactiontypeemoji */
// prettier-ignore
export const reactions: readonly ReactionEmoji[] = [
  "👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮", "💩", "🙏", "👌",
  "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓",
  "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡",
  "🎅", "🎄", "☃", "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡",
];

/** Telegram's spelling of an emoji: keyboards add a variation selector (❤️) that Telegram leaves out (❤). */
export function findReaction(emoji: string): ReactionEmoji | undefined {
  const bare = emoji.replaceAll("\uFE0F", "");
  return reactions.find((known) => known === bare);
}
