import { expect, it } from "vitest";
import { isOfNearby } from "../../cards/web/share/places.ts";

it.each([
  ["http://localhost:3000/c/clay", true],
  ["http://127.0.0.1:3900/c/clay", true],
  ["http://192.168.1.20/c/clay", true],
  ["http://172.20.0.2/c/clay", true],
  ["http://[::1]:3000/c/clay", true],
  ["http://[fd00::2]/c/clay", true],
  ["http://kiln.local/c/clay", true],
  ["https://go.clay.example/", false],
  ["https://fdn.example/c/clay", false],
  ["http://172.32.0.1/c/clay", false],
  ["http://10.example/c/clay", false],
])("%s opens nearby alone: %s", (url, nearby) => expect(isOfNearby(url)).toBe(nearby));
