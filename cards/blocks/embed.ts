/** Players that are loaded when the visitor opens them: the address of the player, and what the page then must allow. */
import { safeAddress } from "./address.ts";

export interface Player {
  /** What the frame shows. */
  src: string;
  /** Height in px where it is no 16:9 picture. */
  height?: number;
}

type Finder = (url: URL) => Player | undefined;

const last = (url: URL): string => encodeURIComponent(url.pathname.split("/").filter(Boolean).at(-1) ?? "");
const video = (src: string): Player => ({ src });

const players: { hosts: RegExp; origin: string; find: Finder }[] = [
  {
    hosts: /(^|\.)(youtube\.com|youtu\.be)$/,
    origin: "https://www.youtube-nocookie.com",
    find(url) {
      const id = url.searchParams.get("v") ?? last(url);
      return /^[\w-]{6,20}$/.test(id)
        ? video(`https://www.youtube-nocookie.com/embed/${id}?autoplay=1`)
        : undefined;
    },
  },
  {
    hosts: /(^|\.)vimeo\.com$/,
    origin: "https://player.vimeo.com",
    find: (url) =>
      /^\d+$/.test(last(url)) ? video(`https://player.vimeo.com/video/${last(url)}?dnt=1`) : undefined,
  },
  {
    hosts: /(^|\.)rutube\.ru$/,
    origin: "https://rutube.ru",
    find: (url) =>
      /^[0-9a-f]{32}$/.test(last(url)) ? video(`https://rutube.ru/play/embed/${last(url)}`) : undefined,
  },
  {
    hosts: /^open\.spotify\.com$/,
    origin: "https://open.spotify.com",
    find(url) {
      const [, kind, id] = /\/(track|album|playlist|artist|episode|show)\/(\w+)/.exec(url.pathname) ?? [];
      return kind && id ? { src: `https://open.spotify.com/embed/${kind}/${id}`, height: 152 } : undefined;
    },
  },
  {
    hosts: /(^|\.)soundcloud\.com$/,
    origin: "https://w.soundcloud.com",
    find: (url) => ({
      src: `https://w.soundcloud.com/player/?url=${encodeURIComponent(url.origin + url.pathname)}`,
      height: 166,
    }),
  },
  {
    hosts: /^music\.apple\.com$/,
    origin: "https://embed.music.apple.com",
    find: (url) => ({ src: `https://embed.music.apple.com${url.pathname}`, height: 175 }),
  },
];

/** Undefined for an address that has no player: it stays a link. */
export function playerOf(address: string): Player | undefined {
  const safe = safeAddress(address);
  if (!safe?.startsWith("http")) return undefined;
  const url = new URL(safe);
  return players.find(({ hosts }) => hosts.test(url.hostname))?.find(url);
}

/** For the page's policy: the frames that it may open. */
export const playerOrigins = players.map(({ origin }) => origin);
