/** Somebody of the same hub who has nothing to do with the workspace of a test. */
import { AccountModel, hashPassword, StaffModel, WorkspaceModel } from "../../core/auth/index.ts";
import { Person } from "./hub.ts";

export async function personOfAnotherWorkspace(url: string): Promise<Person> {
  const createdAt = new Date();
  const workspace = await WorkspaceModel.create({ name: "Another", createdAt });
  const account = await AccountModel.create({
    email: "eve@other.example",
    passwordHash: await hashPassword("another kiln entirely"),
    createdAt,
  });
  await StaffModel.create({
    workspaceId: workspace._id,
    accountId: account._id,
    email: "eve@other.example",
    name: "Eve",
    displayName: "Eve",
    role: "super_administrator",
    createdAt,
  });
  const person = new Person(url);
  await person.enter("/session", { email: "eve@other.example", password: "another kiln entirely" });
  return person;
}
