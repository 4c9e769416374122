import channels from "./en/channels.ts";
import errors from "./en/errors.ts";
import home from "./en/home.ts";
import settings from "./en/settings.ts";

export default {
  channels,
  errors,
  home,
  settings,
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
    service: "Service message",
    deleted: "Deleted message",
    other: "Message of another kind",
  },
  presence: { online: "online", away: "away" },
  undo: "Undo",
  roles: { super_administrator: "Owner", administrator: "Administrator", employee: "Employee" },
};
