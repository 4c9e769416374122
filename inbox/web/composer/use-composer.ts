// What is being written in one conversation: text, files, buttons, the message answered or edited; drafts and sending.
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import { session } from "../../../ui/session.ts";
import { newId } from "../../../ui/new-id.ts";
import { tellFailure } from "../store/acts.ts";
import { conversationOf } from "../store/conversations.ts";
import { capabilitiesOf, directory, takesAnswers } from "../store/directory.ts";
import { gist, type LocalDraft } from "../store/draft-copies.ts";
import { clearDraft, draftOf, leaveDrafts, loadDrafts, writeDraft } from "../store/drafts.ts";
import { inboxApi } from "../store/inbox-api.ts";
import { joinDrafts } from "../store/join-drafts.ts";
import { enqueue } from "../store/outbox.ts";
import { messageOf, threadOf } from "../store/threads.ts";
import type {
  Attachment,
  ButtonRows,
  Mode,
  PostMessageRequest,
  Quote,
  SentContent,
  ShownMessage,
} from "../types.ts";
import { hasCaptions, lengthOf, limitOf } from "./limits.ts";
import { trimRich, type RichText } from "./rich-text.ts";
import { letArrive, letWait, takeUnderWay, takeWaiting } from "./under-way.ts";
import { groupUploads, letGo, startUpload, storedUpload, type Upload } from "./uploads.ts";

/** By conversation: the last message on screen when its reply was begun. An answer after it is one that the writer may not know. */
const begun = new Map<string, number>();

type Unsent = Pick<PostMessageRequest, "type" | "content" | "replyToMessageId">;

/** `show` puts a text into the field. */
export function useComposer(conversationId: string, show: (value: RichText) => void) {
  const mode = ref<Mode>("reply");
  const value = shallowRef<RichText>({ text: "", entities: [] });
  const uploads = ref<Upload[]>([]) as Ref<Upload[]>;
  const buttons = ref<ButtonRows>([]);
  /** A draft may know it before the thread does. */
  const replyToId = ref<string>();
  const replyTo = computed<ShownMessage | undefined>({
    get: () => (replyToId.value ? messageOf(conversationId, replyToId.value) : undefined),
    set: (message) => void (replyToId.value = message?.id),
  });
  const editing = shallowRef<ShownMessage>();
  const sendingAfterUpload = ref(false);
  let resolvesAfterUpload = false;

  /** The draft as it is kept: written here, or by another device. */
  const kept = computed(() => draftOf(conversationId, mode.value));
  const conversation = computed(() => conversationOf(conversationId));
  const can = computed(() => capabilitiesOf(conversation.value));
  const note = computed(() => mode.value === "note");
  const attached = computed(
    () => uploads.value.length > 0 || (editing.value?.content.attachments?.length ?? 0) > 0,
  );
  const limit = computed(() => (note.value ? 20_000 : limitOf(can.value, attached.value)));
  const length = computed(() => lengthOf(trimRich(value.value).text, can.value));
  const uploading = computed(() => uploads.value.some((one) => one.state === "sending"));
  const failed = computed(() => uploads.value.filter((one) => one.state === "failed"));
  const groups = () =>
    groupUploads(uploads.value, note.value ? 10 : can.value?.attachments, can.value?.outbound.letters);
  const filledButtons = computed(() =>
    buttons.value.map((row) => row.filter((one) => one.title.trim() !== "")).filter((row) => row.length > 0),
  );
  const empty = computed(() => value.value.text.trim() === "" && uploads.value.length === 0);
  const problem = computed(() => {
    if (length.value > limit.value) return "too_long";
    if (failed.value.some((one) => one.final)) return "file_refused";
    if (failed.value.length > 0) return "file_failed";
    if (filledButtons.value.length > 0 && groups().some((group) => group.length > 1))
      return "buttons_with_album";
    return "";
  });
  const ready = computed(
    () => !empty.value && problem.value === "" && (note.value || takesAnswers(conversation.value)),
  );
  onScopeDispose(leave);
  watch([empty, note], () => {
    if (note.value) return;
    if (empty.value) begun.delete(conversationId);
    else if (!begun.has(conversationId)) begun.set(conversationId, lastKnown());
  });

  async function open(): Promise<void> {
    const loading = loadDrafts(conversationId);
    takeDraft();
    await loading;
    if (empty.value) takeDraft();
    if (empty.value && !note.value) begun.delete(conversationId); // it was sent elsewhere
  }

  /** Who writes from an earlier part of the thread knows that it goes on. */
  function lastKnown(): number {
    return (threadOf(conversationId).hasNewer && conversation.value?.lastSeq) || lastSeen();
  }

  function lastSeen(): number {
    return threadOf(conversationId).messages.at(-1)?.seq ?? conversation.value?.lastSeq ?? 0;
  }

  function takeDraft(): void {
    const draft = draftOf(conversationId, mode.value);
    put({ text: draft?.content.text ?? "", entities: draft?.content.entities ?? [] });
    const stored = (draft?.content.attachments ?? []).flatMap((one) =>
      "media" in one ? [storedUpload(one)] : [],
    );
    const others = uploads.value.filter((one) => one.state !== "done");
    const waited = takeWaiting(conversationId, mode.value);
    if (waited) {
      sendingAfterUpload.value = true;
      resolvesAfterUpload = waited.thenResolve;
    }
    const known = new Set(waited?.uploads.map((one) => one.attachment?.media.fileId));
    showUploads([
      ...stored.filter((one) => !known.has(one.attachment?.media.fileId)),
      ...(waited?.uploads ?? []),
      ...others,
      ...takeUnderWay(conversationId, mode.value),
    ]);
    buttons.value = draft?.content.buttons ?? [];
    replyToId.value = draft?.replyToMessageId;
  }

  /** The preview of a picture takes memory as long as it is not let go; one on its way is shown by whoever waits for it. */
  function showUploads(next: Upload[]): void {
    for (const one of uploads.value) if (one.state !== "sending" && !next.includes(one)) letGo(one);
    uploads.value = next;
  }

  /** Another conversation is opened: files go on to where they belong, and a message that waits for them goes out. */
  function leave(): void {
    if (editing.value) cancelEdit();
    leaveDrafts(conversationId);
    if (sendingAfterUpload.value && uploading.value) return waitForFiles();
    letArrive(conversationId, mode.value, uploads.value);
    showUploads([]);
  }

  /** Its draft goes with it, unless another device has written on in it. */
  function waitForFiles(): void {
    const left = gist(kept.value);
    const thenResolve = resolvesAfterUpload;
    const drop = () => {
      showUploads([]);
      if (gist(draftOf(conversationId, mode.value)) === left) clearDraft(conversationId, mode.value);
    };
    letWait(conversationId, mode.value, {
      uploads: uploads.value,
      thenResolve,
      send: () => sendNew(thenResolve, drop),
    });
  }

  function put(next: RichText): void {
    value.value = next;
    show(next);
  }

  function write(next: RichText): void {
    value.value = next;
    save();
  }

  /** An edit is no draft: it changes what is sent already. */
  function save(): void {
    if (!editing.value && !isKept()) writeDraft(conversationId, mode.value, draftNow());
  }

  /** Whether the draft that is kept says the same. */
  function isKept(): boolean {
    const { content, replyToMessageId } = kept.value ?? { content: {} };
    return (
      JSON.stringify([content, replyToMessageId]) ===
      JSON.stringify([draftNow().content, draftNow().replyToMessageId])
    );
  }

  function draftNow(): LocalDraft {
    return { content: contentNow(), replyToMessageId: replyToId.value };
  }

  /** Another device has written on; what is typed or uploaded here is not disturbed. */
  function followDraft(): void {
    if (!editing.value && !uploading.value && !isKept()) takeDraft();
  }

  function setMode(next: Mode): void {
    if (mode.value === next) return;
    if (editing.value) cancelEdit();
    letArrive(conversationId, mode.value, uploads.value);
    showUploads([]);
    sendingAfterUpload.value = false;
    mode.value = next;
    takeDraft();
  }

  function addFiles(files: File[], durationMs?: number, as?: "voice"): Upload[] {
    const limits = note.value ? undefined : can.value?.media;
    const added = files.map((file) => startUpload(file, limits, durationMs, as));
    uploads.value.push(...added);
    return added;
  }

  /** Its conversation was left while it was being recorded: it goes into the draft. */
  function keepVoice(file: File, durationMs: number): void {
    const limits = note.value ? undefined : can.value?.media;
    letArrive(conversationId, mode.value, [startUpload(file, limits, durationMs, "voice")]);
  }

  function dropUpload(upload: Upload): void {
    upload.cancel();
    letGo(upload);
    uploads.value = uploads.value.filter((one) => one.id !== upload.id);
    save();
  }

  /** Files of the draft, which it has again when the editing ends. */
  let ofDraft = new Set<Upload["id"]>();

  function edit(message: ShownMessage): void {
    sendingAfterUpload.value = false; // what waited for a file is a draft again
    if (!editing.value) ofDraft = new Set(uploads.value.flatMap((one) => (one.attachment ? one.id : [])));
    setMode(message.type === "note" ? "note" : "reply");
    editing.value = message;
    put(textOf(message));
  }

  /** What did not go out is a draft again, with its files; what is being written stands below it. */
  function takeBack({ type, content, replyToMessageId }: Unsent): void {
    if (editing.value) cancelEdit();
    setMode(type === "note" ? "note" : "reply");
    sendingAfterUpload.value = false;
    const attachments = content.attachments?.filter((one) => "media" in one) ?? [];
    const { text = "", entities = [], buttons = [] } = content;
    const back = { text, entities, attachments, ...(buttons.length > 0 ? { buttons } : {}) };
    writeDraft(conversationId, mode.value, joinDrafts({ content: back, replyToMessageId }, draftNow()));
    takeDraft();
  }

  /** Files that were added meanwhile are for the next message. */
  function cancelEdit(): void {
    editing.value = undefined;
    sendingAfterUpload.value = false;
    const added = uploads.value.filter(({ id }) => !ofDraft.has(id));
    takeDraft();
    uploads.value.push(...added.filter((one) => !uploads.value.includes(one)));
    save();
  }

  /** Everything has arrived: what waited for it goes out as it was meant. */
  const afterUpload = () => (sendingAfterUpload.value ? { thenResolve: resolvesAfterUpload } : undefined);

  /** Undefined when it is not to be sent (yet). */
  function send(thenResolve = false): Promise<void> | undefined {
    if (!ready.value) {
      if (!uploading.value) sendingAfterUpload.value = false; // a file has failed: it is sent when it is asked for again
      return undefined;
    }
    if (uploading.value) {
      sendingAfterUpload.value = true;
      resolvesAfterUpload = thenResolve;
      return undefined;
    }
    sendingAfterUpload.value = false;
    return editing.value ? sendEdit(editing.value) : sendNew(thenResolve);
  }

  async function sendEdit(message: ShownMessage): Promise<void> {
    const edited = trimRich(value.value);
    cancelEdit();
    if (gist({ content: edited }) === gist({ content: textOf(message) })) return;
    await inboxApi.editMessage(message.id, edited.text, edited.entities).catch((error: unknown) => {
      if (!editing.value) resumeEdit(message, edited);
      tellFailure(error);
    });
  }

  /** What was refused stands in the field again; what was typed meanwhile is in the draft. */
  function resumeEdit(message: ShownMessage, edited: RichText): void {
    edit(message);
    put(edited);
  }

  async function sendNew(thenResolve: boolean, drop = clear): Promise<void> {
    const { text, entities } = trimRich(value.value);
    const files: (Attachment[] | undefined)[] = groups();
    if (text && files.length > 0 && !note.value && !hasCaptions(can.value)) files.unshift(undefined);
    const rows = filledButtons.value;
    const parts = Math.max(1, files.length);
    const answered = replyTo.value;
    const begunSeq = begun.get(conversationId);
    begun.delete(conversationId);
    drop();
    for (let part = 0; part < parts; part += 1) {
      const attachments = files[part];
      const last = part === parts - 1;
      await post(
        {
          ...(part === 0 && text ? { text, ...(entities.length > 0 ? { entities } : {}) } : {}),
          ...(attachments ? { attachments } : {}),
          ...(last && rows.length > 0 ? { buttons: rows } : {}),
        },
        { replyTo: part === 0 ? answered : undefined, thenResolve: last && thenResolve, begunSeq },
      );
    }
  }

  /** A place or a template goes out as a message of its own. */
  async function sendAlone(content: SentContent): Promise<void> {
    await post(content, {});
  }

  function clear(): void {
    put({ text: "", entities: [] });
    showUploads([]);
    buttons.value = [];
    replyToId.value = undefined;
    clearDraft(conversationId, mode.value);
  }

  async function post(
    content: SentContent,
    more: { replyTo?: ShownMessage | undefined; thenResolve?: boolean; begunSeq?: number | undefined },
  ): Promise<void> {
    const mentions = note.value ? mentionedIn(content.text ?? "") : [];
    const request: PostMessageRequest = {
      clientId: newId(),
      type: note.value ? "note" : "outgoing",
      content,
      ...(more.replyTo ? { replyToMessageId: more.replyTo.id } : {}),
      ...(mentions.length > 0 ? { mentions } : {}),
      ...(note.value ? {} : { seenSeq: lastSeen(), begunSeq: more.begunSeq }),
      ...(more.thenResolve ? { thenResolve: true } : {}),
    };
    const quoted = more.replyTo ? { replyTo: quoteOf(more.replyTo) } : {};
    await enqueue({ conversationId, request, shown: { content, sender: ownSender(), ...quoted } });
  }

  function contentNow(): SentContent {
    const attachments = uploads.value.flatMap((one) => one.attachment ?? []);
    const { text, entities } = value.value;
    return {
      ...(text.trim() ? { text, ...(entities.length > 0 ? { entities } : {}) } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(filledButtons.value.length > 0 ? { buttons: filledButtons.value } : {}),
    };
  }

  return {
    mode, note, value, afterUpload, uploads, buttons, replyTo, editing, conversation, can, limit, length, uploading, empty, problem, ready, sendingAfterUpload,
    open, write, save, setMode, addFiles, keepVoice, dropUpload, edit, takeBack, cancelEdit, send, sendAlone, kept, followDraft, put,
  }; // prettier-ignore
}

function textOf({ content: { text = "", entities = [] } }: ShownMessage): RichText {
  return { text, entities };
}

export function quoteOf(message: ShownMessage): Quote {
  return {
    messageId: message.id,
    senderName: message.sender.name,
    ...(message.content.text ? { text: message.content.text.slice(0, 200) } : {}),
  };
}

export function ownSender(): ShownMessage["sender"] {
  const me = session.value?.me;
  return {
    kind: "staff",
    name: me?.displayName ?? "",
    ...(me ? { id: me.id } : {}),
    ...(me?.photoFileId ? { avatarFileId: me.photoFileId } : {}),
  };
}

function mentionedIn(text: string): string[] {
  return [...directory.staff.values()]
    .filter((person) => text.includes(`@${person.displayName}`))
    .map((person) => person.id);
}
