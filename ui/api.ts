// The browser's door to /api/v1: JSON in and out, the CSRF header, typed errors, uploads with progress.

/** An answer that is not 2xx. `code` is for programs; screens translate it. `network` means there was no answer. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: unknown;

  constructor(code: string, status: number, message: string, details?: unknown) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Query parameters; undefined ones are left out. */
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Goes on though the page is left; 64 KB at most. */
  keepalive?: boolean;
}

export interface UploadOptions {
  /** PUT replaces what is at the path; POST, the default, makes something new. */
  method?: "POST" | "PUT";
  signal?: AbortSignal;
  onProgress?: (sent: number, total: number) => void;
  headers?: Record<string, string>;
}

let csrfToken = "";
/** The session's token, sent as `x-csrf-token` with everything that writes. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

let onSignedOut: () => void = () => undefined;
/** Called when the server says that the session is over. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** Reads and writes the public API. Throws `ApiError`; an abort throws the signal's own reason. */
export const api = {
  get: <T>(path: string, options?: RequestOptions) => request<T>("GET", path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("POST", path, body, options),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("PUT", path, body, options),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("PATCH", path, body, options),
  delete: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("DELETE", path, body, options),
  upload,
};

async function request<T>(
  method: string,
  path: string,
  body: unknown,
  options: RequestOptions = {},
): Promise<T> {
  const init: RequestInit = {
    method,
    headers: headersFor(method, body, options),
    credentials: "same-origin",
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  const response = await reach(addressOf(path, options.query), init);
  const text = await response.text();
  if (!response.ok) throw failureOf(response.status, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError("network", 0, "The server cannot be reached.", error);
  }
}

/** Sends one file as the raw body. `fetch` cannot tell how much has gone out, XHR can. */
function upload<T>(path: string, file: Blob, options: UploadOptions = {}): Promise<T> {
  const call = new XMLHttpRequest();
  return new Promise<T>((resolve, reject) => {
    const abort = () => call.abort();
    call.open(options.method ?? "POST", addressOf(path));
    for (const [name, value] of Object.entries(options.headers ?? {})) call.setRequestHeader(name, value);
    call.setRequestHeader("x-csrf-token", csrfToken);
    call.upload.onprogress = (event) =>
      options.onProgress?.(event.loaded, event.lengthComputable ? event.total : file.size);
    call.onload = () => settle(call, resolve, reject);
    call.onerror = () => reject(new ApiError("network", 0, "The server cannot be reached."));
    call.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    call.onloadend = () => options.signal?.removeEventListener("abort", abort);
    options.signal?.addEventListener("abort", abort, { once: true });
    call.send(file);
  });
}

function settle<T>(
  call: XMLHttpRequest,
  resolve: (value: T) => void,
  reject: (error: ApiError) => void,
): void {
  if (call.status >= 200 && call.status < 300) resolve(JSON.parse(call.responseText) as T);
  else reject(failureOf(call.status, call.responseText));
}

function headersFor(method: string, body: unknown, options: RequestOptions): Record<string, string> {
  return {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(method === "GET" ? {} : { "x-csrf-token": csrfToken }),
    ...options.headers,
  };
}

function addressOf(path: string, query: RequestOptions["query"] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const tail = search.size > 0 ? `?${search.toString()}` : "";
  return `/api/v1${path}${tail}`;
}

function failureOf(status: number, text: string): ApiError {
  const { code, message, details } = errorBody(text);
  if (status === 401 && code !== "wrong_credentials") onSignedOut();
  return new ApiError(code ?? `http_${status}`, status, message ?? `The server answered ${status}.`, details);
}

interface ErrorBody {
  code?: string;
  message?: string;
  details?: unknown;
}

function errorBody(text: string): ErrorBody {
  try {
    const parsed: unknown = JSON.parse(text);
    const inner = parsed && typeof parsed === "object" && "error" in parsed ? parsed.error : undefined;
    return inner && typeof inner === "object" ? inner : {};
  } catch {
    return {}; // a proxy's HTML page: the status alone speaks
  }
}
