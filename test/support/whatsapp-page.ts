/** A stand-in for WhatsApp's page on this machine, as far as its code for the phone. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

/** As much of WhatsApp's page as the library needs to show a code. */
const page = `<!doctype html><title>WhatsApp</title><script>
  const nothing = { on() {}, off() {} };
  const modules = {
    WAWebSocketModel: { Socket: { state: "UNPAIRED", ...nothing } },
    WAWebCmd: { Cmd: nothing },
    WAWebConnModel: { Conn: { ref: "2@reference", ...nothing } },
    WAWebOfflineHandler: { OfflineMessageHandler: {} },
    WABase64: { encodeB64: () => "a2V5" },
    WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: "" } }) } },
    WAWebSignalStoreApi: {
      waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: "" } }) },
    },
    WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: "1" },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => "secret" },
    WAWebMiscBrowserUtils: { info: () => ({}) },
  };
  window.require = (name) => modules[name] ?? {};
  window.Debug = { VERSION: "2.3000.1" };
</script>`;

/** `root` is what a hub is told as the API root of this kind of account. */
export async function servePage(): Promise<{ root: string; close(): Promise<void> }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "web.whatsapp.com" }], {
    keySize: 2048,
  });
  const server = createServer({ key, cert }, (_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end(page),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    root: `https://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
