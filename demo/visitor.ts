/** What the people's devices call themselves. */
export const browsers = {
  desktop:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  phone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
};

/** Somebody who uses the hub as a browser does: keeps the cookie, sends the token of changing requests. */
export class Visitor {
  readonly url: string;
  readonly #userAgent: string;
  /** `name=value` of the session's cookie. */
  cookie = "";
  csrfToken = "";
  id = "";
  workspaceId = "";

  constructor(url: string, userAgent = browsers.desktop) {
    this.url = url;
    this.#userAgent = userAgent;
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
        "user-agent": this.#userAgent,
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
