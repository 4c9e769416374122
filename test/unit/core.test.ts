import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createLog, scrub } from "../../core/log.ts";
import { createSecrets } from "../../core/secrets.ts";
import { beginningFilter, queryTokens, tokenize } from "../../inbox/tokens.ts";

describe("sealed secrets", () => {
  const secrets = createSecrets(randomBytes(32));

  it("open under their key and context alone", () => {
    const envelope = secrets.seal("7418025591:token", "channel telegram 1");
    expect(envelope).not.toContain("7418025591");
    expect(secrets.open(envelope, "channel telegram 1")).toBe("7418025591:token");
    expect(() => secrets.open(envelope, "channel telegram 2")).toThrow();
    expect(() => createSecrets(randomBytes(32)).open(envelope, "channel telegram 1")).toThrow(/SECRET_KEY/);
    const bytes = envelope.split(".");
    bytes[3] = Buffer.from(bytes[3] ?? "", "base64url")
      .fill(0, 0, 1)
      .toString("base64url");
    expect(() => secrets.open(bytes.join("."), "channel telegram 1")).toThrow();
  });

  it("differ each time they are sealed, while derived values stay", () => {
    expect(secrets.seal("a", "b")).not.toBe(secrets.seal("a", "b"));
    expect(secrets.derive("webhook 1")).toBe(secrets.derive("webhook 1"));
    expect(secrets.derive("webhook 1")).toMatch(/^[\w-]{43}$/);
  });
});

describe("the log", () => {
  it("strikes out secrets by name and tokens in addresses", () => {
    const lines: string[] = [];
    const log = createLog("info", { write: (line) => void lines.push(line) });
    log.info({ token: "t-1", deep: { password: "p-1" }, text: "hello Maria" }, "something");
    log.error(
      {
        err: new Error(
          "GET https://api.telegram.org/bot7418025591:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/getMe failed",
        ),
      },
      "call",
    );
    expect(lines.join("")).not.toMatch(/t-1|p-1|hello Maria|AAHdqTcv/);
    expect(scrub("mongodb://user:pass@host/db")).toBe("mongodb://[hidden]@host/db");
  });
});

describe("search words", () => {
  it("are stemmed alike in both languages and in both spellings", () => {
    expect(tokenize("Кружки и тарелки")).toEqual(expect.arrayContaining(tokenize("кружку тарелка")));
    expect(tokenize("glazes")).toEqual(tokenize("glaze"));
    expect(tokenize("ещё")).toEqual(tokenize("еще"));
    expect(tokenize("a.b-c_d 1240°")).toEqual(expect.arrayContaining(["1240"]));
  });

  it("find the beginning of the last word while it is typed", () => {
    const { whole, beginning } = queryTokens("синие кру");
    expect(whole).toEqual(tokenize("синие"));
    const finds = (word: string, token: string | undefined) => {
      const filter = beginningFilter(word);
      const parts = filter instanceof RegExp ? [filter] : filter.$in;
      return parts.some((part) => (part instanceof RegExp ? part.test(token ?? "") : part === token));
    };
    expect(finds(beginning ?? "", tokenize("кружка")[0])).toBe(true);
    expect(finds("copying", tokenize("copying")[0])).toBe(true);
    expect(finds("a.*", "abc")).toBe(false);
    expect(queryTokens("кружка ").beginning).toBeUndefined();
  });

  it("stay bounded for any text", () => {
    expect(
      tokenize(Array.from({ length: 5000 }, (_, index) => `word${index}`).join(" ")).length,
    ).toBeLessThanOrEqual(300);
    expect(tokenize("x".repeat(10_000))[0]?.length).toBe(40);
  });
});
