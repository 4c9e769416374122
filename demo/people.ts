/** The studio's people, made through the hub's own doors: the owner by the first-run link, the others by invitations. */
import { pictureOf, type PictureName } from "./pictures.ts";
import type { Colleague } from "./story.ts";
import { browsers, Visitor } from "./visitor.ts";

export const password = "wheel and kiln 1240";

interface Roster {
  name: string;
  email: string;
  position: string;
  role: "super_administrator" | "administrator" | "employee";
  locale: "en" | "ru";
  photo: PictureName;
}

export const roster: Record<Colleague, Roster> = {
  nina: {
    name: "Nina Orlova",
    email: "nina@clay.example",
    position: "Founder",
    role: "super_administrator",
    locale: "en",
    photo: "person-nina",
  },
  mark: {
    name: "Mark Ellison",
    email: "mark@clay.example",
    position: "Kiln and workshop",
    role: "administrator",
    locale: "en",
    photo: "person-mark",
  },
  daria: {
    name: "Daria Veselova",
    email: "daria@clay.example",
    position: "Orders and delivery",
    role: "employee",
    locale: "ru",
    photo: "person-daria",
  },
  timur: {
    name: "Timur Saidov",
    email: "timur@clay.example",
    position: "Classes",
    role: "employee",
    locale: "ru",
    photo: "person-timur",
  },
};

export type People = Record<Colleague, Visitor>;

/** Nobody but the owner is there at first. */
export async function makeOwner(url: string, setupToken: string): Promise<Visitor> {
  const { name, email, locale } = roster.nina;
  const owner = new Visitor(url);
  await owner.enter("/setup", {
    token: setupToken,
    workspaceName: "Clay & Co",
    name,
    email,
    password,
    locale,
  });
  await dress(owner, "nina");
  await new Visitor(url, browsers.phone).enter("/session", { email, password });
  return owner;
}

/** Everybody may answer every channel. */
export async function inviteColleagues(owner: Visitor): Promise<People> {
  const people: People = { nina: owner, mark: owner, daria: owner, timur: owner };
  for (const who of ["mark", "daria", "timur"] as const) {
    const { name, email, position, role, locale } = roster[who];
    const { link } = await owner.post<{ link: string }>("/invitations", {
      email,
      name,
      position,
      role,
      channelIds: "all",
    });
    const colleague = new Visitor(owner.url);
    const token = link.split("#")[1];
    await colleague.enter("/invitations/accept", { token, name, password, locale });
    await dress(colleague, who);
    people[who] = colleague;
  }
  // The business has been at work for weeks: its home screen shows the day.
  for (const person of Object.values(people)) await person.patch("/preferences", { hideSetup: true });
  return people;
}

async function dress(person: Visitor, who: Colleague): Promise<void> {
  const { position, photo } = roster[who];
  await person.patch("/profile", { position });
  await person.send("PUT", "/profile/photo", await pictureOf(photo), "image/jpeg");
}
