/** Every error that the API can answer with. docs/errors.md lists the same codes; a test compares them. */
export const errorCodes = {
  bad_request: [400, "The request is not understood."],
  malformed_json: [400, "The body is not valid JSON."],
  invalid_input: [400, "Some fields are not valid."],
  unauthenticated: [401, "Sign in first."],
  wrong_credentials: [401, "The e-mail or the password is not right."],
  forbidden: [403, "You have no right to do this."],
  sign_up_closed: [403, "Nobody registers here by themselves."],
  mail_off: [403, "No letters go out from here."],
  csrf: [403, "The request did not come from this site. Reload the page and try again."],
  not_found: [404, "There is nothing here for you."],
  answered_meanwhile: [409, "Somebody answered since you began to write."],
  conflict: [409, "Somebody changed this at the same time."],
  already_exists: [409, "This exists already."],
  already_set_up: [409, "The hub has its owner already."],
  request_in_progress: [409, "The same request is being carried out."],
  not_retryable: [409, "The message is not in a state to send it again."],
  identity_refused: [403, "The site's signature for this customer is not accepted."],
  link_expired: [410, "The link does not work any more."],
  too_large: [413, "The file or the request is too large."],
  text_too_long: [422, "The text is longer than the channel allows."],
  file_empty: [422, "The file is empty."],
  file_type_refused: [422, "Programs and scripts cannot be sent."],
  file_too_large: [422, "The file is larger than the channel allows."],
  window_closed: [422, "The customer wrote too long ago: the messenger takes no free text now."],
  unsupported_by_channel: [422, "The channel cannot do this."],
  password_too_common: [422, "This password is among the most common ones."],
  channel_refused: [422, "The messenger refused the account."],
  channel_unreachable: [502, "The messenger could not be reached."],
  mail_unreachable: [502, "The mail server did not take the letter."],
  page_unreachable: [502, "The page could not be read."],
  bad_image: [422, "The file is not a picture that can be read."],
  unsupported_media_type: [415, "The type of the body is not supported."],
  rate_limited: [429, "Too many tries. Wait a little."],
  internal: [500, "Something went wrong here. It has been logged."],
  store_unavailable: [503, "The store is not available. Nothing was lost; try again soon."],
  storage_full: [507, "The disk is full. Nothing was changed; free some space and try again."],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof errorCodes;

/** An answer that the caller can act on: the code is for programs, the message for people, details for the screen. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, details?: Record<string, unknown>, cause?: unknown) {
    super(errorCodes[code][1], cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = errorCodes[code][0];
    this.details = details;
  }
}

/** True for the duplicate-key answer of the store: the document is there already. Of many writes: nothing else went wrong. */
export function isDuplicate(error: unknown): boolean {
  const { writeErrors, result } = (error ?? {}) as BulkFault;
  if (!writeErrors?.length) return codeOf(error) === 11000;
  return writeErrors.every((one) => one.code === 11000) && !result?.getWriteConcernError();
}

/** As the driver tells of writes that went together (MongoBulkWriteError). */
interface BulkFault {
  writeErrors?: { code?: number }[];
  result?: { getWriteConcernError(): unknown };
}

/** True when a disk had no room, whether the store or the file system says so. */
export function isStorageFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 14031 || code === "ENOSPC" || code === "EDQUOT";
}

const connectionErrors =
  /^Mongo(Network|ServerSelection|NotConnected|PoolCleared|TopologyClosed|ExpiredSession)|^MongooseServerSelectionError/;

/** True when the store could not be asked at all. */
export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && connectionErrors.test(error.name);
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
