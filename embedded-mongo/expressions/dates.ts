// Date expressions, by the calendar of a time zone.
import { plainText } from "../format.ts";
import { CommandError } from "../errors.ts";
import { isDocument, isNumber, toNumber, type Value } from "../values.ts";
import { inZone, instantOf, startOf, type Unit, UNITS, type WallClock } from "./calendar.ts";
import type { Expression } from "./compile.ts";

type Compile = (value: Value) => Expression;

export const DATE_FORMS: Record<string, (operand: Value, compile: Compile) => Expression> = {
  $year: part((at) => at.year),
  $month: part((at) => at.month),
  $dayOfMonth: part((at) => at.day),
  $hour: part((at) => at.hour),
  $minute: part((at) => at.minute),
  $second: part((at) => at.second),
  $millisecond: part((at) => at.millisecond),
  $dayOfWeek: part((at) => weekday(at) + 1),
  $isoDayOfWeek: part((at) => weekday(at) || 7),
  $dayOfYear: part(dayOfYear),
  $dateToString: (operand, compile) => {
    const read = named(operand, compile, ["date", "format", "timezone", "onNull"]);
    return (document, variables) => {
      const { date, format, timezone, onNull } = read(document, variables);
      if (!(date instanceof Date)) return date === null ? (onNull ?? null) : notADate();
      return formatDate(inZone(date, zoneOf(timezone)), typeof format === "string" ? format : DEFAULT_FORMAT);
    };
  },
  $dateTrunc: (operand, compile) => {
    const read = named(operand, compile, ["date", "unit", "timezone", "binSize", "startOfWeek"]);
    return (document, variables) => {
      const { date, unit, timezone, binSize, startOfWeek } = read(document, variables);
      if (!(date instanceof Date)) return date === null ? null : notADate();
      if (isNumber(binSize) && toNumber(binSize) !== 1)
        throw new CommandError(115, "$dateTrunc with a binSize is not supported by the embedded store");
      const zone = zoneOf(timezone);
      const firstDay =
        typeof startOfWeek === "string" ? DAYS.indexOf(startOfWeek.slice(0, 3).toLowerCase()) : 0;
      return instantOf(startOf(inZone(date, zone), unitOf(unit), firstDay), zone);
    };
  },
  $dateAdd: (operand, compile) => shift(operand, compile, 1),
  $dateSubtract: (operand, compile) => shift(operand, compile, -1),
  $dateDiff: (operand, compile) => {
    const read = named(operand, compile, ["startDate", "endDate", "unit", "timezone", "startOfWeek"]);
    return (document, variables) => {
      const { startDate, endDate, unit, timezone } = read(document, variables);
      if (!(startDate instanceof Date) || !(endDate instanceof Date)) return null;
      return difference(startDate, endDate, unitOf(unit), zoneOf(timezone));
    };
  },
};

const DEFAULT_FORMAT = "%Y-%m-%dT%H:%M:%S.%LZ";
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MILLISECONDS: Partial<Record<Unit, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
};

function part(read: (at: WallClock) => number) {
  return (operand: Value, compile: Compile): Expression => {
    const isNamed = isDocument(operand) && operand.has("date");
    const date = compile(isNamed ? operand.get("date") : Array.isArray(operand) ? operand[0] : operand);
    const timezone = compile(isNamed ? (operand.get("timezone") ?? null) : null);
    return (document, variables) => {
      const at = date(document, variables);
      if (at instanceof Date) return read(inZone(at, zoneOf(timezone(document, variables))));
      return at === null || at === undefined || typeof at === "symbol" ? null : notADate();
    };
  };
}

function named(operand: Value, compile: Compile, names: readonly string[]) {
  if (!isDocument(operand)) throw new CommandError(18628, "a date expression takes named arguments");
  for (const name of operand.keys())
    if (!names.includes(name))
      throw new CommandError(18535, `Unrecognized argument of a date expression: ${name}`);
  const compiled = [...operand].map(([name, value]) => ({ name, value: compile(value) }));
  return (...[document, variables]: Parameters<Expression>): Record<string, Value> => {
    const entries = compiled.map(({ name, value }): [string, Value] => {
      const result = value(document, variables);
      return [name, typeof result === "symbol" || result === undefined ? null : result];
    });
    return Object.fromEntries(entries);
  };
}

function shift(operand: Value, compile: Compile, sign: 1 | -1): Expression {
  const read = named(operand, compile, ["startDate", "unit", "amount", "timezone"]);
  return (document, variables) => {
    const { startDate, unit, amount, timezone } = read(document, variables);
    if (!(startDate instanceof Date) || !isNumber(amount)) return null;
    const by = sign * toNumber(amount);
    const fixed = MILLISECONDS[unitOf(unit)];
    if (fixed !== undefined) return new Date(startDate.getTime() + by * fixed);
    const zone = zoneOf(timezone);
    return instantOf(shiftCalendar(inZone(startDate, zone), unitOf(unit), by), zone);
  };
}

function shiftCalendar(at: WallClock, unit: Unit, by: number): WallClock {
  if (unit === "day" || unit === "week") return { ...at, day: at.day + by * (unit === "week" ? 7 : 1) };
  const months = by * (unit === "month" ? 1 : unit === "quarter" ? 3 : 12);
  const month = at.month + months;
  const lastDay = new Date(Date.UTC(at.year, month, 0)).getUTCDate();
  return { ...at, month, day: Math.min(at.day, lastDay) };
}

function difference(from: Date, to: Date, unit: Unit, zone: string): Value {
  const start = startOf(inZone(from, zone), unit, 0);
  const end = startOf(inZone(to, zone), unit, 0);
  const months = (end.year - start.year) * 12 + end.month - start.month;
  const days = Math.round((utc(end) - utc(start)) / 86_400_000);
  const perMonth: Partial<Record<Unit, number>> = { month: 1, quarter: 3, year: 12 };
  const divisor = perMonth[unit];
  if (divisor !== undefined) return BigInt(Math.trunc(months / divisor));
  if (unit === "day" || unit === "week") return BigInt(unit === "week" ? Math.trunc(days / 7) : days);
  return BigInt(Math.round((utc(end) - utc(start)) / (MILLISECONDS[unit] ?? 1)));
}

function utc(at: WallClock): number {
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second, at.millisecond);
}

function weekday(at: WallClock): number {
  return new Date(Date.UTC(at.year, at.month - 1, at.day)).getUTCDay();
}

function dayOfYear(at: WallClock): number {
  return (Date.UTC(at.year, at.month - 1, at.day) - Date.UTC(at.year, 0, 1)) / 86_400_000 + 1;
}

function formatDate(at: WallClock, format: string): string {
  return format.replace(/%(.)/g, (_match, code: string) => {
    const write = FORMATS[code];
    if (!write) throw new CommandError(18536, `Invalid format character '%${code}' in format string`);
    return write(at);
  });
}

const FORMATS: Record<string, (at: WallClock) => string> = {
  Y: (at) => padded(at.year, 4),
  m: (at) => padded(at.month, 2),
  d: (at) => padded(at.day, 2),
  H: (at) => padded(at.hour, 2),
  M: (at) => padded(at.minute, 2),
  S: (at) => padded(at.second, 2),
  L: (at) => padded(at.millisecond, 3),
  j: (at) => padded(dayOfYear(at), 3),
  w: (at) => String(weekday(at) + 1),
  u: (at) => String(weekday(at) || 7),
  z: (at) => offset(at, ""),
  Z: (at) => String(Math.round(at.offset / 60_000)),
  "%": () => "%",
};

function offset({ offset: milliseconds }: WallClock, separator: string): string {
  const minutes = Math.abs(Math.round(milliseconds / 60_000));
  return `${milliseconds < 0 ? "-" : "+"}${padded(Math.floor(minutes / 60), 2)}${separator}${padded(minutes % 60, 2)}`;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function zoneOf(value: Value | symbol): string {
  return typeof value === "string" ? value : "UTC";
}

function unitOf(value: Value): Unit {
  const unit = UNITS.find((each) => each === value);
  if (!unit) throw new CommandError(9, `unknown time unit value: ${plainText(value)}`);
  return unit;
}

function notADate(): never {
  throw new CommandError(16006, "can't convert from this BSON type to Date");
}
