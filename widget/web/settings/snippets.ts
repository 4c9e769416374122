// What a site carries, in the forms in which sites take it; and how it proves who its customer is.

export const places = ["html", "wordpress", "tilda", "next", "npm"] as const;
export type Place = (typeof places)[number];

export function snippetFor(place: Place, loaderUrl: string, key: string): string {
  if (place === "next")
    return `import Script from "next/script";

<Script src="${loaderUrl}" data-hub="${key}" strategy="lazyOnload" />`;
  if (place === "npm")
    return `import { load } from "@switchboard/widget";

load({ hub: "${new URL(loaderUrl).origin}", key: "${key}" });`;
  return `<script async src="${loaderUrl}"
        data-hub="${key}"></script>`;
}

/** What a site with a Content-Security-Policy adds to it. */
export function policyFor(loaderUrl: string): string {
  const { origin } = new URL(loaderUrl);
  return [
    `script-src ${origin};`,
    `connect-src ${origin} ${origin.replace(/^http/, "ws")};`,
    `img-src ${origin};`,
    `media-src ${origin};`,
  ].join("\n");
}

export const commands = `Switchboard("identify", { name: "Lena", email: "lena@clay.example", plan: "studio" });
Switchboard("track", "added to cart", { sku: "mug-sand" });
Switchboard("open");
Switchboard("on", "message", (message) => {}); // ready, open, close, message, unread
Switchboard("shutdown"); // takes everything away`;

export const signers = ["node", "php", "python"] as const;
export type Signer = (typeof signers)[number];

/** Runs on the site's server: the key never reaches a page. */
export function signFor(signer: Signer, widgetKey: string): string {
  if (signer === "php")
    return `$expires = time() + 3600; // at most 24 hours
$hash = hash_hmac("sha256", "${widgetKey}.{$userId}.{$expires}", getenv("WIDGET_KEY"));`;
  if (signer === "python")
    return `expires = int(time.time()) + 3600  # at most 24 hours
text = f"${widgetKey}.{user_id}.{expires}"
hash = hmac.new(WIDGET_KEY.encode(), text.encode(), "sha256").hexdigest()`;
  return `const expires = Math.floor(Date.now() / 1000) + 3600; // at most 24 hours
const hash = createHmac("sha256", process.env.WIDGET_KEY)
  .update(\`${widgetKey}.\${userId}.\${expires}\`)
  .digest("hex");`;
}

export const identifyCall = `Switchboard("identify", { identity: { userId, expires, hash } });`;
