/** A self-made certificate for servers on this machine, and a file by which a program of its own trusts it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

export interface Certificate {
  key: string;
  cert: string;
  /** For NODE_EXTRA_CA_CERTS. */
  path: string;
  remove(): Promise<void>;
}

/** `0.0.0.0` leads to this machine as well, and is no name of it that the hub treats as its own. */
export async function makeCertificate(addresses = ["127.0.0.1", "0.0.0.0"]): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "mail.example" }], {
    keySize: 2048,
    extensions: [{ name: "subjectAltName", altNames: addresses.map((ip) => ({ type: 7, ip })) }],
  });
  const folder = await mkdtemp(join(tmpdir(), "certificate-"));
  const path = join(folder, "ca.pem");
  await writeFile(path, cert);
  return { key, cert, path, remove: () => rm(folder, { recursive: true, force: true }) };
}
