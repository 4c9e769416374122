/** Business hours through zones, changes of the clocks, nights and holidays. */
import { describe, expect, it } from "vitest";
import { isOpenAt, nextClosing, nextOpening } from "../../inbox/hours.ts";
import type { Hours } from "../../inbox/models/index.ts";

const workdays = [{ from: "10:00", to: "20:00" }];
const closed: never[] = [];

function hours(timeZone: string, more: Partial<Hours> = {}): Hours {
  return {
    timeZone,
    week: [workdays, workdays, workdays, workdays, workdays, closed, closed],
    holidays: [],
    ...more,
  };
}
const every = (from: string, to: string): Hours["week"] => Array.from({ length: 7 }, () => [{ from, to }]);
const moscow = hours("Europe/Moscow");
const berlin = hours("Europe/Berlin");
const night = hours("Europe/Berlin", {
  week: every("00:00", "06:00").map((day) => [...day, { from: "22:00", to: "24:00" }]),
});

describe("open or closed", () => {
  it.each<[string, Hours, string, boolean]>([
    ["a Monday morning before it opens", moscow, "2026-11-23T06:59:59Z", false],
    ["the minute it opens", moscow, "2026-11-23T07:00:00Z", true],
    ["the last second", moscow, "2026-11-23T16:59:59Z", true],
    ["the minute it closes", moscow, "2026-11-23T17:00:00Z", false],
    ["a Saturday", moscow, "2026-11-21T09:00:00Z", false],
    ["a night shift before midnight", night, "2026-11-23T22:59:00Z", true],
    ["a night shift over midnight", night, "2026-11-23T23:00:00Z", true],
    ["after the night shift", night, "2026-11-24T05:00:00Z", false],
    ["29 February", hours("Asia/Tokyo", { week: every("09:00", "10:00") }), "2028-02-29T00:30:00Z", true],
    [
      "a zone of half an hour",
      hours("Asia/Kolkata", { week: every("09:00", "10:00") }),
      "2026-06-01T03:30:00Z",
      true,
    ],
    [
      "a zone of three quarters",
      hours("Asia/Kathmandu", { week: every("09:00", "10:00") }),
      "2026-06-01T03:14:59Z",
      false,
    ],
    ["winter in Berlin", berlin, "2026-03-27T09:30:00Z", true],
    ["summer in Berlin, an hour earlier by UTC", berlin, "2026-03-30T08:00:00Z", true],
    ["summer in Berlin, before", berlin, "2026-03-30T07:59:00Z", false],
  ])("%s", (_name, of, at, open) => {
    expect(isOpenAt(of, new Date(at))).toBe(open);
  });

  it("does not move with the clocks of other zones", () => {
    for (const at of ["2026-03-30T07:00:00Z", "2026-10-26T07:00:00Z"])
      expect(isOpenAt(moscow, new Date(at))).toBe(true);
  });
});

describe("the nights in which the clocks change", () => {
  const early = hours("Europe/Berlin", { week: every("02:30", "04:00") });
  it.each<[string, Hours, string, boolean]>([
    // 29 March 2026, Berlin: 02:00 becomes 03:00, there is no 02:30.
    ["a gap: opens when the clocks have changed", early, "2026-03-29T01:00:00Z", true],
    ["a gap: not a second before", early, "2026-03-29T00:59:59Z", false],
    ["a gap: closes at 04:00 summer time", early, "2026-03-29T02:00:00Z", false],
    // 25 October 2026, Berlin: 03:00 becomes 02:00, 02:30 comes twice.
    ["an overlap: opens with the first 02:30", early, "2026-10-25T00:30:00Z", true],
    ["an overlap: still open in the second", early, "2026-10-25T01:30:00Z", true],
    ["an overlap: closes at 04:00 winter time", early, "2026-10-25T03:00:00Z", false],
    // An end at 02:30 is the second one.
    [
      "an overlap at the end",
      hours("Europe/Berlin", { week: every("01:00", "02:30") }),
      "2026-10-25T01:29:00Z",
      true,
    ],
    [
      "an overlap at the end, over",
      hours("Europe/Berlin", { week: every("01:00", "02:30") }),
      "2026-10-25T01:30:00Z",
      false,
    ],
    // 8 March 2026, New York: 02:00 becomes 03:00.
    [
      "New York, the gap",
      hours("America/New_York", { week: every("02:15", "03:30") }),
      "2026-03-08T07:00:00Z",
      true,
    ],
    [
      "New York, before the gap",
      hours("America/New_York", { week: every("02:15", "03:30") }),
      "2026-03-08T06:59:59Z",
      false,
    ],
    // Lord Howe moves by half an hour.
    [
      "Lord Howe",
      hours("Australia/Lord_Howe", { week: every("02:15", "03:00") }),
      "2026-10-03T15:30:00Z",
      true,
    ],
    // Cairo changes at midnight: the day begins at 01:00.
    [
      "a day that begins at one",
      hours("Africa/Cairo", { week: every("00:00", "02:00") }),
      "2026-04-23T22:00:00Z",
      true,
    ],
    [
      "the second before it",
      hours("Africa/Cairo", { week: every("00:00", "02:00") }),
      "2026-04-23T21:59:59Z",
      false,
    ],
  ])("%s", (_name, of, at, open) => {
    expect(isOpenAt(of, new Date(at))).toBe(open);
  });
});

describe("holidays", () => {
  const holidays = [
    { from: "2026-12-31", to: "2027-01-08", name: "New Year" },
    { from: "2026-11-24", to: "2026-11-24", name: "Inventory", open: [{ from: "12:00", to: "14:00" }] },
  ];
  const of = hours("Europe/Moscow", { holidays });
  it.each<[string, string, boolean]>([
    ["the first day", "2026-12-31T09:00:00Z", false],
    ["the last day", "2027-01-08T09:00:00Z", false],
    ["the day before", "2026-12-30T09:00:00Z", true],
    ["the next working day", "2027-01-11T09:00:00Z", true],
    ["shorter hours, inside", "2026-11-24T10:00:00Z", true],
    ["shorter hours, outside", "2026-11-24T08:00:00Z", false],
  ])("%s", (_name, at, open) => {
    expect(isOpenAt(of, new Date(at))).toBe(open);
  });

  it("are skipped when the next opening is looked for", () => {
    expect(nextOpening(of, new Date("2026-12-30T18:00:00Z"))?.toISOString()).toBe("2027-01-11T07:00:00.000Z");
  });
});

describe("the next opening", () => {
  it.each<[string, Hours, string, string | undefined]>([
    ["tomorrow", moscow, "2026-11-23T18:00:00Z", "2026-11-24T07:00:00.000Z"],
    ["today", moscow, "2026-11-23T04:00:00Z", "2026-11-23T07:00:00.000Z"],
    ["after the weekend", moscow, "2026-11-20T18:00:00Z", "2026-11-23T07:00:00.000Z"],
    ["none while it is open", moscow, "2026-11-23T09:00:00Z", undefined],
    [
      "none when it never opens",
      hours("UTC", { week: Array.from({ length: 7 }, () => []) }),
      "2026-11-23T09:00:00Z",
      undefined,
    ],
    ["over a change of the clocks", berlin, "2026-03-28T12:00:00Z", "2026-03-30T08:00:00.000Z"],
    [
      "after a break",
      hours("UTC", {
        week: Array.from({ length: 7 }, () => [
          { from: "09:00", to: "12:00" },
          { from: "13:00", to: "18:00" },
        ]),
      }),
      "2026-11-23T12:30:00Z",
      "2026-11-23T13:00:00.000Z",
    ],
  ])("%s", (_name, of, at, opens) => {
    expect(nextOpening(of, new Date(at))?.toISOString()).toBe(opens);
  });
});

describe("when it closes", () => {
  const always = hours("UTC", { week: every("00:00", "24:00") });
  it.each<[string, Hours, string, string | undefined]>([
    ["today", moscow, "2026-11-23T09:00:00Z", "2026-11-23T17:00:00.000Z"],
    ["nothing while it is closed", moscow, "2026-11-23T18:00:00Z", undefined],
    ["after a night over midnight", night, "2026-11-23T22:00:00Z", "2026-11-24T05:00:00.000Z"],
    ["nothing that never closes", always, "2026-11-23T12:00:00Z", undefined],
    [
      "at the midnight before a holiday",
      { ...always, holidays: [{ from: "2026-11-25", to: "2026-11-25", name: "" }] },
      "2026-11-23T12:00:00Z",
      "2026-11-25T00:00:00.000Z",
    ],
  ])("%s", (_name, of, at, closes) => {
    expect(nextClosing(of, new Date(at))?.toISOString()).toBe(closes);
  });
});

describe("a holiday of every year", () => {
  const yearly = hours("UTC", {
    week: every("09:00", "18:00"),
    holidays: [
      { from: "2020-12-31", to: "2021-01-08", name: "New Year", yearly: true },
      { from: "2020-11-04", to: "2020-11-04", name: "Unity Day", yearly: true },
    ],
  });
  it.each<[string, boolean]>([
    ["2026-11-04T12:00:00Z", false],
    ["2026-11-05T12:00:00Z", true],
    ["2026-12-31T12:00:00Z", false],
    ["2027-01-08T12:00:00Z", false],
    ["2027-01-09T12:00:00Z", true],
    ["2026-12-30T12:00:00Z", true],
  ])("at %s", (at, open) => {
    expect(isOpenAt(yearly, new Date(at))).toBe(open);
  });
});
