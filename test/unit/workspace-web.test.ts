import { describe, expect, test } from "vitest";
import { parseTime, shiftTime } from "../../ui/kit/time-of-day.ts";
import { nextPath } from "../../workspace/web/entry/checks.ts";
import { deviceName, isPhone } from "../../workspace/web/settings/device-name.ts";
import { hueOfIndex, indexOfHue } from "../../ui/hues.ts";
import { parsePlace } from "../../workspace/web/settings/parse-place.ts";

describe("texts of the screens", () => {
  test("a device is named by its browser and system", () => {
    const edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
    const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1";
    expect(deviceName(edge)).toBe("Edge, Windows");
    expect(deviceName(phone)).toBe("Safari, iPhone");
    expect([isPhone(edge), isPhone(phone)]).toEqual([false, true]);
    expect(deviceName("curl/8.5.0")).toBe("curl/8.5.0");
  });

  test("a place is read as maps copy it, and nothing else is one", () => {
    expect(parsePlace(" 55.7558, 37.6173 ")).toEqual({ latitude: 55.7558, longitude: 37.6173 });
    expect(parsePlace("-33.9;151.2")).toEqual({ latitude: -33.9, longitude: 151.2 });
    for (const text of ["", "55.7558", "91, 0", "0, 181", "north, east"]) expect(parsePlace(text)).toBeNull();
  });

  test("a time of day is read however it is typed, and nothing else is one", () => {
    for (const text of ["8", "08:00", "800", "8.00", " 08 00 "]) expect(parseTime(text)).toBe("08:00");
    expect(parseTime("2330")).toBe("23:30");
    for (const text of ["", "24:00", "8:60", "8:5", "12345", "noon"]) expect(parseTime(text)).toBeNull();
    expect([shiftTime("23:50", 15), shiftTime("00:00", -15)]).toEqual(["00:05", "23:45"]);
  });

  test("the eight colours of a label survive being stored as angles", () => {
    for (let index = 0; index < 8; index++) expect(indexOfHue(hueOfIndex(index))).toBe(index);
    expect([359, 5, 250].map(indexOfHue)).toEqual([1, 1, 0]);
  });
});

describe("the way after the sign-in", () => {
  test("leads to a page of this site only", () => {
    expect(nextPath("/inbox/all/1?seq=2")).toBe("/inbox/all/1?seq=2");
    for (const foreign of ["https://evil.example", "//evil.example", "/\\evil.example", undefined, ["/a"]])
      expect(nextPath(foreign)).toBe("/");
    expect(nextPath("/sign-in?next=/sign-in")).toBe("/");
  });
});
