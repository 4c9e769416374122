import { listOf } from "../../core/lists.ts";
import type { Desk } from "../desk.ts";
import * as shapes from "../schema.ts";
import { changeTheme, keepTheme, listThemes, removeTheme } from "./themes.ts";

export function addThemeRoutes({ hub }: Desk): void {
  const { route } = hub.http;
  const tag = "cards";
  route({
    method: "get",
    path: "/card-themes",
    summary: "The workspace's own themes",
    tag,
    access: "staff",
    answer: listOf(shapes.cardTheme),
    handle: async (_, { staff }) => ({ items: await listThemes(staff), next: null }),
  });
  route({
    method: "post",
    path: "/card-themes",
    summary: "Keep a design as a theme; sixty at most",
    tag,
    access: "administrator",
    status: 201,
    creates: true,
    body: shapes.newCardTheme,
    answer: shapes.cardTheme,
    handle: ({ body }, { staff }) => keepTheme(staff, body),
  });
  route({
    method: "patch",
    path: "/card-themes/:id",
    summary: "Rename a theme, or give it another design; cards that took it stay as they are",
    tag,
    access: "administrator",
    body: shapes.cardThemePatch,
    answer: shapes.cardTheme,
    handle: ({ params, body }, { staff }) => {
      const patch = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      return changeTheme(staff, params["id"] ?? "", patch);
    },
  });
  route({
    method: "delete",
    path: "/card-themes/:id",
    summary: "Remove a theme; cards that took it stay as they are",
    tag,
    access: "administrator",
    handle: ({ params }, { staff }) => removeTheme(staff, params["id"] ?? ""),
  });
}
