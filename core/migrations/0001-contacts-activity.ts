/** Contacts tell themselves when they were last active, where, and under which phone and e-mail they are compared. */
import type { Connection } from "mongoose";
import type { Migration } from "./index.ts";

interface Known {
  _id: unknown;
  lastActivityAt: Date;
  channelIds: unknown[];
}

export const contactsActivity: Migration = {
  id: "0001-contacts-activity",
  async up(connection: Connection) {
    const conversations = connection.collection("conversations");
    const contacts = connection.collection("contacts");
    const known = conversations.aggregate<Known>([
      {
        $group: {
          _id: "$contactId",
          lastActivityAt: { $max: "$lastActivityAt" },
          channelIds: { $addToSet: "$channelId" },
        },
      },
    ]);
    for await (const { _id, lastActivityAt, channelIds } of known)
      await contacts.updateOne({ _id: _id as never }, { $set: { lastActivityAt, channelIds } });
    const bare = contacts.find({ mergedInto: { $exists: false } });
    for await (const contact of bare) {
      const { createdAt, phone, email } = contact as { createdAt?: Date; phone?: string; email?: string };
      await contacts.updateOne(
        { _id: contact._id },
        {
          $set: {
            mergedInto: null,
            ...(contact["lastActivityAt"] ? {} : { lastActivityAt: createdAt ?? new Date(0) }),
            ...(contact["channelIds"] ? {} : { channelIds: [] }),
            ...(phone ? { phoneKey: phone.replace(/\D/g, "") } : {}),
            ...(email ? { emailKey: email.toLowerCase() } : {}),
          },
        },
      );
    }
  },
};
