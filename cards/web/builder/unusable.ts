// What is typed and leads nowhere, in words: a text under `cardBuilder.wrong`, and what it names.
import { emailOf, phoneOf, safeAddress } from "../../blocks/address.ts";
import { serviceOf, type ServiceId } from "../../blocks/services.ts";

export interface Wrong {
  key: string;
  named?: Record<string, string>;
}
type Values = Record<string, unknown>;

const textOf = (value: Values, name: string): string => {
  const text = value[name];
  return typeof text === "string" ? text.trim() : "";
};
const siteOf = (typed: string): string | undefined =>
  /^(?:https?:\/\/|www\.)\S+\.|^[\w.-]+\.[a-z]{2,}\//i.test(typed) ? safeAddress(typed) : undefined;

/** Of an item of messengers or social icons; without a connected account behind it. */
export function wrongContact(value: Values): Wrong | undefined {
  const to = textOf(value, "to");
  const service = serviceOf(value["service"] as ServiceId);
  const { title, takes } = service;
  if (to === "" || service.link(to) !== undefined) return undefined;
  if (takes === "address") return wrongLink(to);
  if ((takes === "name" || value["service"] === "viber") && siteOf(to))
    return { key: "otherSite", named: { service: title } };
  const key = value["service"] === "viber" ? "phoneOrName" : takes;
  return { key, named: { service: title } };
}
export function wrongUrl(name: string): (value: Values) => Wrong | undefined {
  return (value) => wrongLink(textOf(value, name));
}
function wrongLink(url: string): Wrong | undefined {
  if (url === "" || safeAddress(url) !== undefined) return undefined;
  return { key: /^[a-z][a-z0-9+.-]*:/i.test(url.replace(/\s/g, "")) ? "scheme" : "address" };
}
export function wrongPhone(value: Values): Wrong | undefined {
  const number = textOf(value, "number");
  return number === "" || phoneOf(number) !== undefined ? undefined : { key: "phone" };
}
export function wrongEmail(value: Values): Wrong | undefined {
  const address = textOf(value, "address");
  return address === "" || emailOf(address) !== undefined ? undefined : { key: "email" };
}
