import { session } from "../../../ui/session.ts";
import type { Role } from "../types.ts";

const ranks: Record<Role, number> = { employee: 0, administrator: 1, super_administrator: 2 };

/** Roles that the signed-in person may give and take; the server decides in the end. */
export function rolesToGive(): Role[] {
  const mine = session.value?.me.role ?? "employee";
  return (["employee", "administrator", "super_administrator"] as const).filter(
    (role) => ranks[mine] >= ranks[role],
  );
}

/** Nobody acts on somebody above, or changes the own role. */
export function mayChange(person: { id: string; role: Role }): boolean {
  const me = session.value?.me;
  return (
    me !== undefined && me.role !== "employee" && person.id !== me.id && rolesToGive().includes(person.role)
  );
}
