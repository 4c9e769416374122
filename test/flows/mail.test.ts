/** Answers and transcripts by e-mail, to a real SMTP server. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChatModel } from "../../widget/models/index.ts";
import { createMail } from "../../core/mail.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { conversationSaying, waitFor } from "../support/hub.ts";
import { openMailbox, openMuteMailbox, type Mailbox } from "../support/mailbox.ts";
import { newKey, Visitor } from "../support/visitor.ts";
import { startWorld, type World } from "../support/world.ts";

let mailbox: Mailbox;
let world: World;
let widget: any;

describe("a mail server that answers", () => {
  beforeAll(async () => {
    mailbox = await openMailbox();
    world = await startWorld(mailbox.environment);
    widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
  });
  afterAll(async () => {
    await world.stop();
    await mailbox.stop();
  });

  it("sends what a visitor who has left has not read, once, with a link that brings the chat back", async () => {
    const { owner } = world;
    const lena = await Visitor.arrive(world.hub.url, { key: widget.key, hello: { language: "ru-RU" } });
    const thread = newKey();
    await lena.say(thread, "Есть ли тёмная глазурь?", { form: { name: "Лена", email: "lena@example.com" } });
    const conversation = await waitFor(
      async () => (await owner.get("/conversations")).items.find((one: any) => one.preview),
      "the conversation",
    );
    lena.leave();
    await lena.gone();
    await owner.reply(conversation.id, "Есть: <железо> & мох");
    const due = acrossWorkspaces(ChatModel.findOne({ threadKey: thread, mailDueAt: { $type: "date" } }));
    await waitFor(() => due.clone().lean(), "the letter to be due");
    await acrossWorkspaces(ChatModel.updateOne({ threadKey: thread }, { $set: { mailDueAt: new Date(0) } }));
    const letter = await waitFor(() => mailbox.letters[0], "the letter");
    expect(letter.subject).toBe("Anna: ответ на ваш вопрос — Clay & Co");
    expect(letter.from?.value[0]).toMatchObject({ name: "Глина и Ко", address: "hello@clay.example" });
    expect(letter.text).toContain("Есть: <железо> & мох");
    expect(letter.html).toContain("Есть: &lt;железо&gt; &amp; мох");
    const link = /href="([^"]+)"/.exec(String(letter.html))?.[1] ?? "";
    expect(link).toMatch(/^https:\/\/clay\.example\/mugs\/sand#sb=[\w-]{43}$/);

    const resume = link.split("#sb=")[1] ?? "";
    const phone = await Visitor.arrive(world.hub.url, { key: widget.key, hello: { resume } });
    expect(phone.welcome.threads).toMatchObject([{ key: thread, unread: 1 }]);
    const other = await world.owner.post("/widgets", { name: "Other", domain: "clay.example" });
    const elsewhere = await Visitor.arrive(world.hub.url, { key: other.key, hello: { resume } });
    expect(elsewhere.welcome.threads).toEqual([]);
    for (const one of [phone, elsewhere]) one.leave();
    expect(mailbox.letters).toHaveLength(1);
  });

  it("carries no stranger's letter: the link leads to the site, and a name is a short line", async () => {
    const { owner } = world;
    const page = { url: "https://evil.example/sign-in", title: "" };
    const visitor = await Visitor.arrive(world.hub.url, { key: widget.key, hello: { page } });
    const thread = newKey();
    const form = { name: `You\nhave\r\nwon ${"!".repeat(200)}`, email: "victim@example.com" };
    await visitor.say(thread, "Hello from nowhere", { form });
    const conversation = await conversationSaying(owner, "Hello from nowhere");
    visitor.leave();
    await visitor.gone();
    await owner.reply(conversation.id, "Good day");
    const due = acrossWorkspaces(ChatModel.findOne({ threadKey: thread, mailDueAt: { $type: "date" } }));
    await waitFor(() => due.clone().lean(), "the letter to be due");
    await acrossWorkspaces(ChatModel.updateOne({ threadKey: thread }, { $set: { mailDueAt: new Date(0) } }));
    const letter = await waitFor(
      () => mailbox.letters.find((one) => one.text?.includes("Good day")),
      "the letter",
    );
    expect(letter.text).toContain(`Hello, You have won ${"!".repeat(67)}.`);
    expect(letter.html).toMatch(/href="https:\/\/clay\.example\/#sb=[\w-]{43}"/);
    expect(`${letter.text}${String(letter.html)}`).not.toContain("evil.example");
  });

  it("sends a transcript to whom the visitor names, without what only the team may see", async () => {
    const { owner } = world;
    const lena = await Visitor.arrive(world.hub.url, { key: widget.key });
    expect(lena.welcome.config.transcript).toBe(true);
    const thread = newKey();
    await lena.say(thread, "Please send me this");
    const conversation = await conversationSaying(owner, "Please send me this");
    await owner.reply(conversation.id, "a secret note", { type: "note" });
    await owner.reply(conversation.id, "Here it is");
    await lena.sees(thread, "Here it is");
    expect((await lena.ask({ t: "transcript", thread, email: "lena@example.com" })).t).toBe("ok");
    const letter = await waitFor(
      () => mailbox.letters.find((one) => one.subject?.startsWith("Your chat")),
      "the transcript",
    );
    expect(letter.text).toContain("You: Please send me this");
    expect(letter.text).toContain("Anna: Here it is");
    expect(letter.text).not.toContain("secret");
    for (const email of ["nobody", "a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example"])
      expect((await lena.ask({ t: "transcript", thread, email })).t).toBe("no");
    expect(world.hub.logged.join("")).not.toContain("lena@example.com");
    lena.leave();
  });

  it("says that the server did not take a letter, and stays without e-mail where none is set up", async () => {
    const refused = await createMail({
      url: mailbox.environment.SMTP_URL.replace("p%40ss", "wrong"),
      from: "a@b.example",
    });
    await expect(refused?.send({ to: "x@y.example", subject: "s", text: "t" })).rejects.toMatchObject({
      code: "mail_unreachable",
    });
    const away = await createMail({ url: "smtp://127.0.0.1:1", from: "a@b.example" });
    await expect(away?.send({ to: "x@y.example", subject: "s", text: "t" })).rejects.toMatchObject({
      code: "mail_unreachable",
    });
    await expect(
      away?.send({ to: "x@y.example\nBcc: z@y.example", subject: "s", text: "t" }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    expect(await createMail(undefined)).toBeUndefined();
  });
});

it("does not hold up the stop where the mail server takes a connection and says nothing", async () => {
  const mute = await openMuteMailbox();
  const silent = await startWorld(mute.environment);
  const { key } = await silent.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
  const threads = [newKey(), newKey()];
  for (const thread of threads) {
    const visitor = await Visitor.arrive(silent.hub.url, { key });
    await visitor.say(thread, thread, { form: { name: "Lena", email: "lena@example.com" } });
    visitor.leave();
    await visitor.gone();
    const conversation = await conversationSaying(silent.owner, thread);
    await silent.owner.reply(conversation.id, "Good day");
  }
  const due = { threadKey: { $in: threads }, mailDueAt: { $type: "date" as const } };
  await waitFor(
    async () => (await acrossWorkspaces(ChatModel.countDocuments(due))) === 2,
    "both letters to be due",
  );
  await acrossWorkspaces(ChatModel.updateMany(due, { $set: { mailDueAt: new Date(0) } }));
  await waitFor(() => mute.knocks.length > 0, "the first letter of the sweep");
  await silent.stop();
  expect(silent.hub.logged.join("")).toContain("the hub is stopping");
  expect(mute.knocks).toHaveLength(1);
  mute.stop();
});
