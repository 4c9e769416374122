/** Somebody who uses the hub as a browser does: keeps the cookie, sends the token of changing requests. */
export class Visitor {
  readonly url: string;
  /** `name=value` of the session's cookie. */
  cookie = "";
  csrfToken = "";
  id = "";
  workspaceId = "";

  constructor(url: string) {
    this.url = url;
  }

  get<T>(path: string): Promise<T> {
    return this.#ask<T>("GET", path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#ask<T>("POST", path, JSON.stringify(body));
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>("PUT", path, JSON.stringify(body));
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>("PATCH", path, JSON.stringify(body));
  }

  /** Sends bytes as they are. */
  send<T>(method: string, path: string, bytes: Uint8Array, mime: string, name = "file"): Promise<T> {
    const headers = { "content-type": mime, "x-file-name": encodeURIComponent(name) };
    return this.#ask<T>(method, path, new Uint8Array(bytes), headers);
  }

  /** Signs in by whatever makes a session: `/setup`, `/session`, `/invitations/accept`. */
  async enter(path: string, body: unknown): Promise<void> {
    const info = await this.post<{ csrfToken: string; me: { id: string }; workspace: { id: string } }>(
      path,
      body,
    );
    this.csrfToken = info.csrfToken;
    this.id = info.me.id;
    this.workspaceId = info.workspace.id;
  }

  async #ask<T>(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = { "content-type": "application/json" },
  ): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        "x-csrf-token": this.csrfToken,
        ...(body === undefined ? {} : headers),
      },
      ...(body === undefined ? {} : { body }),
    });
    const [set] = response.headers.getSetCookie();
    if (set) this.cookie = set.split(";")[0] ?? "";
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}
