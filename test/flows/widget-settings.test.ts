/** The settings of a widget through the API: the draft's revision, the preview, and what visitors get of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHub, type Person, type TestHub } from "../support/hub.ts";
import { Visitor } from "../support/visitor.ts";

let hub: TestHub;
let owner: Person;
let widget: any;

beforeAll(async () => {
  hub = await startHub();
  owner = await hub.owner();
  widget = await owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
});
afterAll(async () => {
  owner.leave();
  await hub.stop();
});
const read = (): Promise<any> => owner.get(`/widgets/${widget.id}`);
const draftUrl = (rev?: number): string =>
  `/widgets/${widget.id}/draft${rev === undefined ? "" : `?rev=${rev}`}`;

describe("the draft", () => {
  it("rises with every change, says whose it was, and refuses one that was made from an older draft", async () => {
    const { rev, draft } = await read();
    expect(rev).toBe(0);
    const mine = await owner.put(draftUrl(rev), { ...draft, accent: "#11624b" });
    expect(mine).toMatchObject({ rev: 1, changes: 1, changedBy: owner.id });
    const theirs = await owner.ask("PUT", draftUrl(rev), { ...draft, radius: 4 });
    expect(theirs.status).toBe(409);
    expect(theirs.body.error).toMatchObject({ code: "conflict", details: { rev: 1, by: owner.id } });
    expect((await read()).draft).toMatchObject({ accent: "#11624b", radius: draft.radius });
  });

  it("is changed by those who name no revision, as before", async () => {
    const { draft, rev } = await read();
    expect((await owner.put(draftUrl(), { ...draft, radius: 8 })).rev).toBe(rev + 1);
  });

  it("is published and thrown away as it was seen, or not at all", async () => {
    const { rev, draft } = await read();
    await owner.put(draftUrl(rev), { ...draft, radius: 2 });
    for (const act of ["publish", "discard"]) {
      const { status, body } = await owner.ask("POST", `/widgets/${widget.id}/${act}?rev=${rev}`);
      expect([act, status, body.error?.code]).toEqual([act, 409, "conflict"]);
    }
    const published = await owner.post(`/widgets/${widget.id}/publish?rev=${rev + 1}`);
    expect(published).toMatchObject({ changes: 0, published: { radius: 2 } });
    await owner.put(draftUrl(rev + 1), { ...draft, radius: 12 });
    expect(await owner.post(`/widgets/${widget.id}/discard?rev=${rev + 2}`)).toMatchObject({
      changes: 0,
      draft: { radius: 2 },
      rev: rev + 3,
    });
  });

  it("is told to colleagues who have it open, and changes nothing for visitors until it is published", async () => {
    const anna = await owner.listen();
    const lena = await Visitor.arrive(hub.url, { key: widget.key });
    const { rev, draft } = await read();
    await owner.put(draftUrl(rev), { ...draft, accent: "#f2b61c" });
    await anna.wait("widget_changed" as never, (told: any) => told.id === widget.id && told.rev === rev + 1);
    await owner.post(`/widgets/${widget.id}/publish`);
    await lena.wait("config", (frame) => frame.config.accent === "#f2b61c");
    expect(lena.frames.filter((frame) => frame.t === "config")).toHaveLength(1);
    lena.leave();
  });
});

describe("the preview", () => {
  const rule = {
    id: "glaze",
    name: "Glaze",
    on: false,
    conditions: [{ what: "page", how: "is", value: "/nowhere" }],
    greeting: { en: "Choosing a glaze?" },
    answers: [{ title: { en: "Yes", ru: "Да" } }],
    from: null,
    every: "week",
  };

  it("answers what a page would get of a draft that is not stored", async () => {
    const before = await read();
    const draft = { ...before.draft, accent: "#a84a24", launcher: "text", rules: [rule] };
    const answer = await owner.post(`/widgets/${widget.id}/preview`, {
      draft,
      language: "ru-RU",
      ruleId: "glaze",
    });
    expect(answer).toMatchObject({
      config: { locale: "ru", accent: "#a84a24", texts: { launcher: "Задать вопрос" } },
      rule: { greeting: "Choosing a glaze?", answers: [{ title: "Да" }] },
      panel: expect.stringMatching(/^\/widget\/assets\//),
      onAccent: "#ffffff",
      contrast: 5.7,
    });
    expect(await read()).toEqual(before);
    expect(await owner.get("/visitors")).toMatchObject({ items: [] });
  });

  it("is refused for settings that are not valid, and for a widget that is not there", async () => {
    const { draft } = await read();
    const ask = (id: string, body: object) => owner.ask("POST", `/widgets/${id}/preview`, body);
    expect((await ask(widget.id, { draft: { ...draft, accent: "red" }, language: "en" })).status).toBe(400);
    expect((await ask("0123456789abcdef01234567", { draft, language: "en" })).status).toBe(404);
  });

  it("stands on a page without an origin that the hub alone may frame", async () => {
    const page = await fetch(`${hub.url}/widget/preview`);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("sandbox allow-scripts");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toContain("allow-same-origin");
  });
});
