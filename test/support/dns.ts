/** A DNS server of this machine that answers what a test tells it. */
import { createSocket } from "node:dgram";
import { decode, encode, type Answer, type RecordType } from "dns-packet";

export interface TestDns {
  /** `127.0.0.1:5353` */
  address: string;
  set(name: string, type: RecordType, ...data: unknown[]): void;
  stop(): Promise<void>;
}

export async function startDns(): Promise<TestDns> {
  const records = new Map<string, unknown[]>();
  const socket = createSocket("udp4");
  socket.on("message", (bytes, from) => {
    const asked = decode(bytes);
    const answers = (asked.questions ?? []).flatMap(({ name, type }) =>
      (records.get(`${name.toLowerCase()} ${type}`) ?? []).map(
        (data) => ({ name, type, ttl: 1, data }) as Answer,
      ),
    );
    const { id } = asked;
    socket.send(
      encode({
        type: "response",
        ...(id === undefined ? {} : { id }),
        questions: asked.questions ?? [],
        answers,
      }),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    set: (name, type, ...data) => void records.set(`${name} ${type}`, data),
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
