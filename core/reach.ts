/** Which servers strangers may have this machine open: those of the internet, not its own and not its network's. */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** What is not of the internet: https://www.iana.org/assignments/iana-ipv4-special-registry and its sister for IPv6. */
const own = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  own.addSubnet(net, bits, "ipv4");
/** Of IPv6 only what is given out (2000::/3), without the ways into IPv4 that it holds. */
const given = new BlockList();
given.addSubnet("2000::", 3, "ipv6");
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  own.addSubnet(net, bits, "ipv6");

export function isOfInternet(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !own.check(address, "ipv4") && !isOfMachine(address, 4);
  if (family !== 6) return false;
  const embedded = throughNat64(address);
  if (embedded) return isOfInternet(embedded);
  return given.check(address, "ipv6") && !own.check(address, "ipv6") && !isOfMachine(address, 6);
}

/**
 * An address of this machine, which the kernel opens without leaving it, past every firewall before it; of IPv6 also its
 * neighbours in the network of that address.
 */
function isOfMachine(address: string, family: 4 | 6): boolean {
  const here = Object.values(networkInterfaces()).flatMap((them) => them ?? []);
  if (family === 4) return here.some((one) => one.address === address);
  const nets = new BlockList();
  for (const one of here) if (one.family === "IPv6") nets.addSubnet(one.address, 64, "ipv6");
  return nets.check(address, "ipv6");
}

/** Of 64:ff9b::/96, by which machines with IPv6 alone come to IPv4 (RFC 6052): the address that it leads to. */
function throughNat64(address: string): string | undefined {
  const written = new URL(`http://[${address.split("%")[0] ?? ""}]`).hostname; // in its one short form
  const [, high, low] = /^\[64:ff9b::(?:([\da-f]{1,4}):)?([\da-f]{1,4})\]$/.exec(written) ?? [];
  if (low === undefined) return undefined;
  const bits = [Number.parseInt(high ?? "0", 16), Number.parseInt(low, 16)];
  return bits.flatMap((part) => [part >> 8, part & 255]).join(".");
}

/**
 * An address of the host, to be opened as it is: a name that is looked up once more may lead elsewhere by then. Undefined
 * where any of its addresses is not of the internet, or there is none.
 */
export async function addressOfInternet(hostname: string): Promise<string | undefined> {
  const found = await lookup(hostname.replace(/^\[|\]$/g, ""), { all: true }).catch(() => []);
  return found.every(({ address }) => isOfInternet(address)) ? found[0]?.address : undefined;
}
