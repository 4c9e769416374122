import channels from "./en/channels.ts";
import entry from "./en/entry.ts";
import errors from "./en/errors.ts";

export default {
  channels,
  entry,
  errors,
  kinds: {
    image: "Photo",
    video: "Video",
    animation: "Animation",
    audio: "Audio",
    voice: "Voice message",
    video_note: "Video message",
    document: "File",
    sticker: "Sticker",
    location: "Location",
    contact: "Contact",
    other: "Message of another kind",
  },
  roles: { super_administrator: "Owner", administrator: "Administrator", employee: "Employee" },
};
