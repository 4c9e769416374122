/** A creating POST that carries an Idempotency-Key is carried out once; the same key again gets the first answer. */
import type { Request } from "express";
import { model, Schema } from "mongoose";
import type { StaffRecord } from "./auth/index.ts";
import type { ObjectId } from "./db.ts";
import { AppError, isDuplicate } from "./errors.ts";
import type { Log } from "./log.ts";

interface IdempotencyRecord {
  workspaceId: ObjectId;
  key: string;
  status?: number;
  body?: string;
  createdAt: Date;
}
const schema = new Schema<IdempotencyRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    status: Number,
    body: String,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, key: 1 }, { unique: true });
schema.index({ createdAt: 1 }, { expireAfterSeconds: 24 * 3600 });
const IdempotencyModel = model<IdempotencyRecord>("idempotency", schema, "idempotency");

/** Longer than anything takes that is carried out: by then the process that was at it has ended. */
const abandonedMs = 120_000;

interface Answer {
  status: number;
  body: unknown;
}

export async function withIdempotency(
  request: Request,
  staff: StaffRecord,
  log: Log,
  carryOut: () => Promise<Answer>,
): Promise<Answer> {
  const given = request.get("idempotency-key");
  if (given === undefined) return carryOut();
  if (!/^[\x21-\x7e]{8,128}$/.test(given))
    throw new AppError("invalid_input", {
      fields: [
        { path: "headers.idempotency-key", code: "invalid_format", message: "8 to 128 visible characters" },
      ],
    });
  const record = {
    workspaceId: staff.workspaceId,
    key: `${staff._id.toHexString()} ${request.method} ${request.path} ${given}`,
  };
  const own = { ...record, createdAt: new Date() };
  const earlier = await reserve(own);
  if (earlier) return earlier;
  const answer = await carryOut().catch(async (error: unknown) => {
    await IdempotencyModel.deleteOne(own).catch((err: unknown) =>
      log.error({ err, path: request.path }, "a key stays taken until it counts as abandoned"),
    );
    throw error;
  });
  try {
    await IdempotencyModel.updateOne(own, {
      status: answer.status,
      body: JSON.stringify(answer.body ?? null),
    });
  } catch (err) {
    // It is done: whoever asked hears so, and the key stays taken.
    log.error({ err, path: request.path }, "the answer to a creating request was not kept");
  }
  return answer;
}

/** The answer that was given before; undefined when it is for the caller to carry it out. */
async function reserve(own: {
  workspaceId: ObjectId;
  key: string;
  createdAt: Date;
}): Promise<Answer | undefined> {
  try {
    await IdempotencyModel.create(own);
    return undefined;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const { createdAt, ...record } = own;
  const abandoned = { status: null, createdAt: { $lt: new Date(createdAt.getTime() - abandonedMs) } };
  const taken = await IdempotencyModel.updateOne({ ...record, ...abandoned }, { $set: { createdAt } });
  if (taken.modifiedCount === 1) return undefined;
  const earlier = await IdempotencyModel.findOne(record).lean();
  if (earlier?.status === undefined) throw new AppError("request_in_progress");
  return { status: earlier.status, body: JSON.parse(earlier.body ?? "null") };
}
