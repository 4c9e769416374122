/** Addresses that links may lead to. Whatever a browser would run or read from the machine is none. */
const schemes =
  /^(https?|mailto|tel|sms|tg|viber|whatsapp|skype|weixin|line|geo|maps|facetime|facetime-audio):/i;

/**
 * The address as it may stand in a link, or undefined: `javascript:`, `data:`, `vbscript:`, `file:`, `blob:` and what is no
 * address at all. Without a scheme it is taken for a site. Control signs and blanks, which browsers skip, are taken out first.
 */
export function safeAddress(typed: string): string | undefined {
  const address = typed.replace(
    /[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    "",
  );
  if (address === "" || address.length > 2000) return undefined;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address) || /^[\w.-]+\.[a-z]{2,}:\d+/i.test(address)) {
    const [host = ""] = typed.trim().replace(/^\/+/, "").split(/[/?#]/);
    if (!/[^.][.。][^.]/.test(host) || /\S[ \u00a0]+\S/.test(host)) return undefined; // words, not a site
    return siteOf(`https://${address.replace(/^\/+/, "")}`);
  }
  if (!schemes.test(address)) return undefined;
  return /^https?:/i.test(address) ? siteOf(address) : address;
}

function siteOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { href, hostname, username, password } = new URL(address);
  return hostname === "" || username !== "" || password !== "" ? undefined : href;
}

/**
 * The digits of a telephone number with their plus; undefined when there are too few or too many. `00` is a plus that was
 * dialled, and the 8 with which numbers begin within Russia and Kazakhstan is their +7.
 */
export function phoneOf(typed: string): string | undefined {
  const digits = typed.replace(/\D/g, "").replace(/^00/, "");
  if (digits.length < 3 || digits.length > 15) return undefined;
  if (typed.trim().startsWith("+")) return `+${digits}`;
  if (/^8[34789]\d{9}$/.test(digits)) return `+7${digits.slice(1)}`;
  return digits.length > 10 ? `+${digits}` : digits;
}

/** One address, with nothing that mail servers read as the end of it or as another. */
export function emailOf(typed: string): string | undefined {
  const email = typed.trim();
  if (email.length > 254) return undefined;
  return /^[^\s@<>"'?&,;:()[\]\\]+@[^\s@<>"'?&,;:()[\]\\/]+\.[^\s@<>"'?&,;:()[\]\\/.]+$/.test(email)
    ? email
    : undefined;
}

/** What the link shows of itself: `clay.example/shop`. */
export function shortAddress(address: string): string {
  if (!URL.canParse(address)) return address;
  const { hostname, pathname } = new URL(address);
  return hostname.replace(/^www\./, "") + (pathname === "/" ? "" : pathname.replace(/\/$/, ""));
}
