import { z } from "zod";
import { isAdministrator } from "../../core/auth/index.ts";
import { toObjectId } from "../../core/db.ts";
import { AppError } from "../../core/errors.ts";
import { createLimit } from "../../core/limits.ts";
import { listOf } from "../../core/lists.ts";
import { accessChannel, describeDetails, listChannels, listHeld, readChannel } from "../channels.ts";
import {
  changeChannel,
  checkAccount,
  connectChannel,
  describeConnector,
  removeChannel,
  storedCredentials,
} from "../connect.ts";
import { describeMessage } from "../describe.ts";
import type { Inbox } from "../inbox.ts";
import { ChannelModel, MessageModel } from "../models/index.ts";
import { actOnHeld, discardMessage, retryMessage } from "../reply.ts";
import * as shapes from "../schema.ts";
import { listTemplates } from "../templates.ts";
import { beginSignIn, describeSignIn, readSignIn } from "../vendor-sign-in.ts";
import type { DeliveryState } from "../schema.ts";

const someMessages = z.object({ messageIds: z.array(z.string()).max(200).optional() });

export function addChannelRoutes(inbox: Inbox): void {
  const { route, app } = inbox.hub.http;
  const tag = "channels";
  const checks = createLimit(30, 60);
  app.get("/api/v1/connectors/:kind/icon.svg", (request, response) => {
    const icon = inbox.icons.get((request.params as Record<string, string>)["kind"] ?? "");
    if (!icon) throw new AppError("not_found");
    response
      .set({
        "content-type": "image/svg+xml",
        "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "cache-control": "public, max-age=3600",
      })
      .send(icon);
  });
  route({
    method: "get",
    path: "/connectors",
    summary: "Kinds of channel that can be connected",
    tag,
    access: "staff",
    query: z.object({ locale: z.enum(["en", "ru"]).default("en") }),
    answer: listOf(shapes.connectorInfo),
    handle({ query }) {
      const items = [...inbox.connectors.values()].map((connector) =>
        describeConnector(connector, query.locale),
      );
      return Promise.resolve({ items, next: null });
    },
  });
  route({
    method: "get",
    path: "/channels",
    summary: "Connected accounts",
    tag,
    access: "staff",
    answer: listOf(shapes.channel),
    handle: async (_, { staff }) => ({ items: await listChannels(staff), next: null }),
  });
  route({
    method: "post",
    path: "/channels/check",
    summary: "Ask the messenger who these credentials are",
    tag,
    access: "administrator",
    body: shapes.channelCheckRequest,
    answer: shapes.channelCheck,
    async handle({ body }, { staff }) {
      await checks.take(staff._id.toHexString());
      return checkAccount(inbox, staff, body);
    },
  });
  route({
    method: "post",
    path: "/channels",
    summary: "Connect an account",
    tag,
    access: "administrator",
    status: 201,
    creates: true,
    body: shapes.channelRequest,
    answer: shapes.channel,
    async handle({ body }, { staff }) {
      if (inbox.accounts.connectorOf(body.kind).setUpPath)
        throw new AppError("unsupported_by_channel", { what: "connect" });
      return readChannel(await connectChannel(inbox, staff, body));
    },
  });
  route({
    method: "get",
    path: "/channels/:id",
    summary: "An account with its health and history",
    tag,
    access: "staff",
    answer: shapes.channelDetails,
    async handle({ params }, { staff }) {
      const details = await describeDetails(inbox, await accessChannel(staff, params["id"] ?? ""));
      return isAdministrator(staff) ? details : withoutSecrets(details);
    },
  });
  route({
    method: "patch",
    path: "/channels/:id",
    summary: "Rename, pause or give new credentials",
    tag,
    access: "administrator",
    body: shapes.channelPatch,
    answer: shapes.channelDetails,
    handle: async ({ params, body }, { staff }) =>
      describeDetails(inbox, await changeChannel(inbox, staff, params["id"] ?? "", body)),
  });
  route({
    method: "delete",
    path: "/channels/:id",
    summary: "Remove an account; its conversations stay",
    tag,
    access: "administrator",
    handle: ({ params }, { staff }) => removeChannel(inbox, staff, params["id"] ?? ""),
  });
  route({
    method: "post",
    path: "/channels/:id/reconnect",
    summary: "Start an account anew",
    tag,
    access: "administrator",
    answer: shapes.channel,
    async handle({ params }, { staff }) {
      const channel = await accessChannel(staff, params["id"] ?? "");
      await inbox.accounts.restart(channel);
      return readChannel(
        (await ChannelModel.findOne({ workspaceId: staff.workspaceId, _id: channel._id }).lean()) ?? channel,
      );
    },
  });
  route({
    method: "get",
    path: "/channels/:id/held",
    summary: "Replies that did not go out",
    tag,
    access: "staff",
    answer: listOf(shapes.heldReply),
    handle: async ({ params }, { staff }) => ({
      items: await listHeld(inbox, await accessChannel(staff, params["id"] ?? "")),
      next: null,
    }),
  });
  route({
    method: "get",
    path: "/channels/:id/templates",
    summary: "Message templates that may be sent now",
    tag,
    access: "staff",
    query: z.object({
      fresh: z.stringbool().default(false).describe("ask the platform, whatever is remembered"),
    }),
    answer: shapes.templateList,
    handle: async ({ params, query }, { staff }) => ({
      items: await listTemplates(inbox, await accessChannel(staff, params["id"] ?? ""), query),
      next: null,
    }),
  });
  route({
    method: "post",
    path: "/channels/:id/login",
    summary: "Show the code to scan again",
    tag,
    access: "administrator",
    async handle({ params }, { staff }) {
      const channel = await accessChannel(staff, params["id"] ?? "");
      inbox.hub.events.publish("channel.login_wanted", { channelId: channel._id });
    },
  });
  route({
    method: "post",
    path: "/channels/sign-ins",
    summary: "Sign in at the vendor's page",
    tag,
    access: "administrator",
    status: 201,
    body: shapes.signInRequest,
    answer: shapes.vendorSignIn,
    async handle({ body }, signed) {
      const { staff } = signed;
      await checks.take(staff._id.toHexString());
      const stored = body.channelId ? await storedCredentials(inbox, staff, body.channelId, body.kind) : {};
      const typed = { ...stored, ...body.credentials };
      const { record, url } = await beginSignIn(inbox, signed, body.kind, typed);
      return describeSignIn(record, url);
    },
  });
  route({
    method: "get",
    path: "/channels/sign-ins/:id",
    summary: "Whether signing in at the vendor's page is done",
    tag,
    access: "administrator",
    answer: shapes.vendorSignIn,
    handle: async ({ params }, { staff }) => describeSignIn(await readSignIn(staff, params["id"] ?? "")),
  });
  addHeldRoute(inbox, "retry", "Send held replies again", retryMessage);
  addHeldRoute(inbox, "discard", "Take held replies away", discardMessage);
}

/** What only administrators may see of an account is left out. */
function withoutSecrets({
  login: _login,
  webhook,
  ...details
}: shapes.ChannelDetails): shapes.ChannelDetails {
  const { verifyToken: _token, ...seen } = webhook ?? {};
  return { ...details, credentials: {}, calls: [], ...(webhook ? { webhook: seen } : {}) };
}

/** Acts on the named held replies of a channel, or on all of them; answers with those it could act on. */
function addHeldRoute(inbox: Inbox, verb: string, summary: string, act: typeof retryMessage): void {
  inbox.hub.http.route({
    method: "post",
    path: `/channels/:id/${verb}`,
    summary,
    tag: "channels",
    access: "staff",
    body: someMessages,
    answer: listOf(shapes.message),
    async handle({ params, body }, { staff }) {
      const channel = await accessChannel(staff, params["id"] ?? "");
      const ids = body.messageIds?.flatMap((id) => toObjectId(id) ?? []);
      const named = ids ? { _id: { $in: ids } } : {};
      const states: DeliveryState[] = ids ? ["failed", "unknown"] : ["failed"]; // what may have arrived is sent again one by one only
      const held = await MessageModel.find({
        workspaceId: staff.workspaceId,
        channelId: channel._id,
        "delivery.state": { $in: states },
        ...named,
      })
        .sort({ createdAt: 1 })
        .limit(500)
        .lean();
      return { items: (await actOnHeld(inbox, held, act)).map(describeMessage), next: null };
    },
  });
}
