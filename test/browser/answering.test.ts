/** Answering while colleagues, customers and the keyboard come in between, in a real browser: nothing is lost, nothing goes where it was not meant. */
import { describe, expect, it } from "vitest";
import { useDesk } from "../support/desk.ts";
import { waitFor } from "../support/hub.ts";

const desk = useDesk();
const { openPage, show, composer, shownTo, talk, write } = desk;

describe("a reply", () => {
  it("is held when a colleague has answered since it was begun, and goes out once it is read again", async () => {
    const { customer, id } = await talk("Raced Rita", "Is it free?");
    const daria = await desk.world.owner.invite("daria@clay.example");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("Is it free?").waitFor();
    await write(page, "Yes, until Friday");
    await daria.reply(id, "It is sold");
    await page.getByRole("log").getByText("It is sold").waitFor();
    await page.keyboard.press("Enter");
    const notice = page.getByRole("alert").filter({ hasText: "daria answered first" });
    await notice.getByText("It is sold").waitFor();
    await notice.getByRole("button", { name: "Edit" }).click();
    await notice.waitFor({ state: "hidden" });
    await page.keyboard.press("End");
    await page.keyboard.type(", I thought");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Yes, until Friday, I thought"), "the reply");
    expect(shownTo(customer)).not.toContain("Yes, until Friday");
  });

  it("is not held by what was there before its first letter", async () => {
    const { customer, id } = await talk("Calm Cora", "Is it free?");
    const boris = await desk.world.owner.invite("boris@clay.example");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).click();
    await boris.reply(id, "Let me look");
    await page.getByRole("log").getByText("Let me look").waitFor();
    await page.keyboard.type("It is free");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("It is free"), "the reply");
  });
});
