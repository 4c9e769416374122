/** Approved templates: https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates */
import { z } from "zod";
import type { MessageTemplate } from "../contract.ts";
import type { Graph } from "../graph.ts";
import { documentLimit, imageLimit, pictures, soundLimit, videos } from "./capabilities.ts";

const text = z.string().optional().catch(undefined);

const component = z.object({
  type: z.string(),
  format: text,
  text: text,
  buttons: z
    .array(z.object({ type: z.string(), text: text, url: text }))
    .optional()
    .catch(undefined),
  example: z
    .object({
      body_text: z.array(z.array(z.string())).optional().catch(undefined),
      body_text_named_params: z
        .array(z.object({ param_name: z.string(), example: z.string() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type Component = z.infer<typeof component>;

const page = z.object({
  data: z.array(
    z
      .object({
        name: z.string(),
        language: z.string(),
        status: z.string(),
        category: z.string().catch(""),
        components: z.array(component),
      })
      .optional()
      .catch(undefined),
  ),
  paging: z
    .object({ cursors: z.object({ after: text }).optional().catch(undefined), next: text })
    .optional()
    .catch(undefined),
});

/** A template that can be sent, and the names of its places where it has names. */
export interface KnownTemplate extends MessageTemplate {
  names?: string[];
}

const pages = 10;

/** Those that are approved and need nothing but words and a file: places in headers and in links are left out. */
export async function fetchTemplates(
  graph: Graph,
  businessAccountId: string,
  signal: AbortSignal,
): Promise<KnownTemplate[]> {
  const found: KnownTemplate[] = [];
  let after: string | undefined;
  for (let count = 0; count < pages; count += 1) {
    const query = { limit: "200", status: "APPROVED", ...(after !== undefined && { after }) };
    const { data = [], paging } =
      page.safeParse(await graph.call(`${businessAccountId}/message_templates`, { query, signal })).data ??
      {};
    for (const one of data) {
      const template = one?.status === "APPROVED" ? templateOf(one) : undefined;
      if (template) found.push(template);
    }
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined) break;
  }
  return found;
}

function templateOf({
  name,
  language,
  category,
  components,
}: NonNullable<z.infer<typeof page>["data"][number]>): KnownTemplate | undefined {
  const part = (type: string): Component | undefined =>
    components.find((one) => one.type.toUpperCase() === type);
  const [header, body, footer] = [part("HEADER"), part("BODY"), part("FOOTER")];
  const buttons = part("BUTTONS")?.buttons ?? [];
  if (body?.text === undefined || !isPlain(header, buttons)) return undefined;
  const places = [...new Set([...body.text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, place = ""]) => place))];
  if (places.length > 30) return undefined;
  const named = places.some((place) => !/^\d+$/.test(place));
  return {
    name,
    language,
    category: category.toLowerCase(),
    body: named ? numbered(body.text, places) : body.text,
    ...headerOf(header),
    ...(footer?.text !== undefined && { footer: footer.text }),
    buttons: buttons.flatMap((button) => button.text ?? []),
    params: places.length,
    examples: examplesOf(body, places),
    ...(named && { names: places }),
  };
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-media/ */
const headerFiles = new Map(
  Object.entries<NonNullable<MessageTemplate["headerFile"]>>({
    IMAGE: { kind: "image", maxBytes: imageLimit, mimes: pictures },
    VIDEO: { kind: "video", maxBytes: soundLimit, mimes: videos },
    DOCUMENT: { kind: "document", maxBytes: documentLimit },
  }),
);

function headerOf(header: Component | undefined): Pick<MessageTemplate, "header" | "headerFile"> {
  const headerFile = headerFiles.get(header?.format ?? "");
  if (headerFile) return { headerFile };
  return header?.text === undefined ? {} : { header: header.text };
}

function isPlain(header: Component | undefined, buttons: NonNullable<Component["buttons"]>): boolean {
  const plainHeader =
    !header ||
    headerFiles.has(header.format ?? "") ||
    (header.format === "TEXT" && !header.text?.includes("{{"));
  const asks = new Set(["OTP", "COPY_CODE", "FLOW", "CATALOG", "MPM"]);
  return plainHeader && !buttons.some(({ type, url }) => asks.has(type) || url?.includes("{{"));
}

/** `{{first_name}}` as `{{1}}`: the hub knows places by their order. */
function numbered(body: string, places: string[]): string {
  return body.replace(/\{\{\s*(\w+)\s*\}\}/g, (_all, place: string) => `{{${places.indexOf(place) + 1}}}`);
}

function examplesOf({ example }: Component, places: string[]): string[] {
  const named = example?.body_text_named_params;
  if (named)
    return places.map((place) => named.find(({ param_name }) => param_name === place)?.example ?? "");
  return example?.body_text?.[0] ?? [];
}
