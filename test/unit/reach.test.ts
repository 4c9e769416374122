import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { expect, it, vi } from "vitest";
import { addressOfInternet, isOfInternet } from "../../core/reach.ts";

it.each([
  "8.8.8.8",
  "93.184.216.34",
  "172.32.0.1",
  "2606:4700:4700::1111",
  "2a00:1450:4001:80b::200e",
  "64:ff9b::808:808",
])("%s is of the internet", (address) => expect(isOfInternet(address)).toBe(true));

it.each([
  "",
  "nobody",
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.8.8.8",
  "169.254.169.254",
  "172.16.0.1",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "64:ff9b::7f00:1",
  "64:ff9b::1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b:1::808:808",
  "2001::1",
  "2002:7f00:1::",
  "fc00::1",
  "fe80::1",
  "ff02::1",
])("%s is not", (address) => expect(isOfInternet(address)).toBe(false));

it("finds no address of the internet for this machine, however it is written", async () => {
  for (const name of [
    "localhost",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "2130706433",
    "[::1]",
    "no-such-host.invalid",
  ])
    expect(await addressOfInternet(name)).toBeUndefined();
  expect(await addressOfInternet("8.8.8.8")).toBe("8.8.8.8");
});

it("finds no address of the internet for a machine that has public ones", () => {
  const machine = vi.spyOn(os, "networkInterfaces").mockReturnValue({
    eth0: [
      { family: "IPv4", address: "5.161.10.20" },
      { family: "IPv6", address: "2a01:4f8:c17:b0f::2" },
    ] as os.NetworkInterfaceInfo[],
  });
  syncBuiltinESMExports();
  const seen = ["5.161.10.20", "2a01:4f8:c17:b0f::99", "5.161.10.21", "2a01:4f8:c17:b10::2"].map(
    isOfInternet,
  );
  machine.mockRestore();
  syncBuiltinESMExports();
  expect(seen).toEqual([false, false, true, true]);
});
