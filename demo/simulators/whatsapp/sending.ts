/** What `/messages` takes and refuses: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages */
import { z } from "zod";
import { badParameter } from "../graph/refusal.ts";
import type { MediaShelf } from "../graph/media.ts";
import { GraphRefusal } from "../graph/refusal.ts";
import type { SimTemplate } from "./world.ts";

const media = z.object({
  id: z.string(),
  caption: z.string().max(1024).optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
});

const interactive = z.object({
  type: z.literal("button"),
  header: z
    .object({ type: z.enum(["image", "video", "document"]) })
    .loose()
    .optional(),
  body: z.object({ text: z.string().min(1).max(1024) }),
  action: z.object({
    buttons: z
      .array(
        z.object({
          type: z.literal("reply"),
          reply: z.object({ id: z.string().min(1).max(256), title: z.string().min(1).max(20) }),
        }),
      )
      .min(1)
      .max(3),
  }),
});

const word = z.object({
  type: z.literal("text"),
  text: z.string().min(1),
  parameter_name: z.string().optional(),
});
const headerFile = z.object({
  type: z.enum(["image", "video", "document"]),
  image: media.optional(),
  video: media.optional(),
  document: media.optional(),
});

const template = z.object({
  name: z.string(),
  language: z.object({ code: z.string() }),
  components: z
    .array(
      z.object({
        type: z.string(),
        parameters: z.array(z.union([word, headerFile])),
      }),
    )
    .default([]),
});

export const outgoing = z.object({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.literal("individual").optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.string().default("text"),
  context: z.object({ message_id: z.string() }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  text: z.object({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() }).optional(),
  image: media.optional(),
  video: media.optional(),
  audio: media.optional(),
  document: media.optional(),
  sticker: media.optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).loose().optional(),
  contacts: z
    .array(z.object({ name: z.object({ formatted_name: z.string().min(1) }).loose() }).loose())
    .optional(),
  reaction: z.object({ message_id: z.string(), emoji: z.string() }).optional(),
  interactive: interactive.optional(),
  template: template.optional(),
});
export type Outgoing = z.infer<typeof outgoing>;

export const readMark = z.object({
  messaging_product: z.literal("whatsapp"),
  status: z.literal("read"),
  message_id: z.string(),
  typing_indicator: z.object({ type: z.literal("text") }).optional(),
});

/** Refuses what the platform refuses at once; what it finds out later comes as a status. */
export function checkOutgoing(params: unknown, shelf: MediaShelf, templates: SimTemplate[]): Outgoing {
  const parsed = outgoing.safeParse(params);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badParameter("Invalid parameter", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { data } = parsed;
  if (!data.to && !data.recipient) throw badParameter("The parameter to is required.");
  if (!(data.type in data)) throw badParameter(`The parameter ${data.type} is required.`);
  for (const kind of ["image", "video", "audio", "document", "sticker"] as const) {
    const file = data[kind];
    if (file && !shelf.get(file.id))
      throw badParameter("Invalid parameter", `Media ID ${file.id} is not valid`);
  }
  if (data.template) checkTemplate(data.template, shelf, templates);
  return data;
}

function checkTemplate(
  { name, language, components }: z.infer<typeof template>,
  shelf: MediaShelf,
  templates: SimTemplate[],
): void {
  const known = templates.find((one) => one.name === name && one.language === language.code);
  if (known?.status !== "APPROVED")
    throw new GraphRefusal({
      code: 132001,
      status: 404,
      message: "Template name does not exist in the translation",
      details: `template name (${name}) does not exist in ${language.code}`,
    });
  const parts = z
    .array(z.object({ type: z.string(), text: z.string().optional(), format: z.string().optional() }))
    .parse(known.components);
  const body = parts.find(({ type }) => type === "BODY");
  const format = parts.find(({ type }) => type === "HEADER")?.format ?? "TEXT";
  checkHeader(components.find(({ type }) => type === "header")?.parameters, format, shelf);
  const places = [...new Set((body?.text ?? "").match(/\{\{\w+\}\}/g) ?? [])];
  const given = z.array(word).parse(components.find(({ type }) => type === "body")?.parameters ?? []);
  const named = places.some((place) => !/\d/.test(place));
  const fits = named
    ? places.every((place) => given.some(({ parameter_name }) => `{{${parameter_name ?? ""}}}` === place))
    : true;
  if (given.length !== places.length || !fits)
    throw new GraphRefusal({
      code: 132000,
      message: "Number of parameters does not match the expected number of params",
      details: `body: ${given.length} of ${places.length}`,
    });
}

/** A header with a file needs one of its format, uploaded before. */
function checkHeader(
  given: z.infer<typeof template>["components"][number]["parameters"] | undefined,
  format: string,
  shelf: MediaShelf,
): void {
  const [file] = z.array(headerFile).safeParse(given ?? []).data ?? [];
  const wanted = format === "TEXT" ? undefined : format.toLowerCase();
  if (file?.type !== wanted)
    throw new GraphRefusal({
      code: 132012,
      message: "Parameter format does not match format in the created template",
      details: `header: Format mismatch, expected ${format}, received ${file?.type.toUpperCase() ?? "UNKNOWN"}`,
    });
  const { id = "" } = file?.[file.type] ?? {};
  if (file && !shelf.get(id)) throw badParameter("Invalid parameter", `Media ID ${id} is not valid`);
}
