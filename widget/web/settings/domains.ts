/** `https://clay.example/shop` is the site clay.example. */
export function bareDomain(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "");
}

/** clay.example, *.clay.example, localhost:8080 */
export function isDomain(name: string): boolean {
  return name.length <= 253 && /^(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/.test(name);
}
