/** A creating POST that carries an Idempotency-Key is carried out once; the same key again gets the first answer. */
import type { Request } from "express";
import { model, Schema } from "mongoose";
import type { StaffRecord } from "./auth/index.ts";
import type { ObjectId } from "./db.ts";
import { AppError, isDuplicate } from "./errors.ts";

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

interface Answer {
  status: number;
  body: unknown;
}

export async function withIdempotency(
  request: Request,
  staff: StaffRecord,
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
  const earlier = await reserve(record);
  if (earlier) return earlier;
  try {
    const answer = await carryOut();
    await IdempotencyModel.updateOne(record, {
      status: answer.status,
      body: JSON.stringify(answer.body ?? null),
    });
    return answer;
  } catch (error) {
    await IdempotencyModel.deleteOne(record);
    throw error;
  }
}

async function reserve(record: { workspaceId: ObjectId; key: string }): Promise<Answer | undefined> {
  try {
    await IdempotencyModel.create({ ...record, createdAt: new Date() });
    return undefined;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const earlier = await IdempotencyModel.findOne(record).lean();
  if (earlier?.status === undefined) throw new AppError("request_in_progress");
  return { status: earlier.status, body: JSON.parse(earlier.body ?? "null") };
}
