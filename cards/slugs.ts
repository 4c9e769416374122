/** Addresses of cards: `/c/{slug}`. Whoever has one keeps it; look-alikes of others' and names of the house are refused. */
import { acrossWorkspaces, type ObjectId } from "../core/db.ts";
import { AppError, isDuplicate } from "../core/errors.ts";
import { SlugModel, type SlugRecord } from "./models/index.ts";

const reserved = new Set(
  `about account accounts admin administrator api app assets auth billing blog c card cards chat contact css dashboard dev
   docs download email error favicon file files ftp go help home hub img inbox index info js legal link login logout mail me
   metrics new news null oauth official owner p page pages password pay payment ping policy postmaster press privacy public
   qr review root robots security send server settings shop sign signin signup site sitemap sms staff static status support switchboard
   system team telegram terms test undefined user users verify viber webhooks webmaster whatsapp widget www`.split(
    /\s+/,
  ),
);

/** What of a typed name can be an address: `Глина и Ко` → `glina-i-ko`. */
export function slugOf(name: string): string {
  const latin = [...name.toLowerCase().normalize("NFKD")].map((letter) => latinOf[letter] ?? letter).join("");
  return latin
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/&/g, "-and-")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

const cyrillic = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў";
const latin = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya i yi ye g u".split(
  " ",
);
const latinOf: Record<string, string> = Object.fromEntries(
  [...cyrillic].map((letter, index) => [letter, latin[index] ?? ""]),
);

export type SlugFault = "shape" | "reserved" | "taken";

/** Why it cannot be an address at all; undefined when it can. */
export function faultOf(slug: string): Exclude<SlugFault, "taken"> | undefined {
  if (!/^[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]$/.test(slug) || slug.includes("--")) return "shape";
  return reserved.has(slug) || reserved.has(lookOf(slug)) ? "reserved" : undefined;
}

/** Signs that are taken for each other are one: `c1ay` looks like `clay`, `rn` like `m`. */
export function lookOf(slug: string): string {
  return slug
    .replaceAll("-", "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replace(/[0o]/g, "o")
    .replace(/[1il]/g, "l")
    .replaceAll("5", "s");
}

export async function checkSlug(slug: string, cardId?: ObjectId): Promise<SlugFault | undefined> {
  const fault = faultOf(slug);
  if (fault) return fault;
  const holder = await acrossWorkspaces(SlugModel.findOne({ look: lookOf(slug) })).lean();
  return holder && !(cardId && holder.cardId.equals(cardId)) ? "taken" : undefined;
}

/** The nearest addresses that are free; of a name the plain one first. */
export async function freeSlugs(slug: string, count = 3): Promise<string[]> {
  const base = slugOf(slug) || "card";
  const plain = base === slug ? [] : [base];
  const ends = ["studio", "online", "hello", "2", "3", "4", "5", "6", "7", "8"];
  const tried = [...plain, ...ends.map((end) => `${base.slice(0, 30)}-${end}`)];
  const looks = tried.map(lookOf);
  const taken = new Set(
    (
      await acrossWorkspaces(SlugModel.find({ look: { $in: looks } }, { look: 1 }))
        .limit(20)
        .lean()
    ).map(({ look }) => look),
  );
  return tried.filter((one) => !faultOf(one) && !taken.has(lookOf(one))).slice(0, count);
}

/** Gives the address to the card. Throws `already_exists` with the nearest free ones, or `invalid_input`. */
export async function takeSlug(workspaceId: ObjectId, cardId: ObjectId, slug: string): Promise<void> {
  const fault = await checkSlug(slug, cardId);
  if (fault === "taken") throw new AppError("already_exists", { free: await freeSlugs(slug) });
  if (fault)
    throw new AppError("invalid_input", { fields: [{ path: "body.slug", code: fault, message: "" }] });
  try {
    await SlugModel.updateOne(
      { workspaceId, cardId, slug },
      { $setOnInsert: { look: lookOf(slug), createdAt: new Date() } },
      { upsert: true },
    );
  } catch (error) {
    // one's own former address that looks the same stays with the card, and the new one cannot stand beside it
    if (isDuplicate(error)) throw new AppError("already_exists", { free: await freeSlugs(slug) });
    throw error;
  }
}

export async function findSlug(slug: string): Promise<SlugRecord | undefined> {
  if (!/^[a-z0-9-]{3,40}$/.test(slug)) return undefined;
  return (await acrossWorkspaces(SlugModel.findOne({ slug })).lean()) ?? undefined;
}
