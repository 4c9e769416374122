/** Where a letter's own words end and what it answers begins. */

const introductions = [
  /^(?:On|Am|Le|El|Il|Em|Op|W dniu)\b.{0,200}(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|napisał)[^\n]{0,120}:\s*$/,
  /^.{0,200}(?:пишет|писал|писала|писал\(а\)|написал|написала)[^\n]{0,80}:\s*$/,
  /^-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Исходное сообщение|Пересылаемое сообщение|Forwarded message).*$/i,
  /^_{20,}\s*$/,
];

export function splitQuoted(text: string): { own: string; quoted?: string } {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const end = endsQuoted(lines);
  const at = lines.findIndex((line, index) => begins(lines, line, index, end));
  if (at < 0) return { own: text.trim() };
  const own = lines.slice(0, at).join("\n").trim();
  const quoted = lines.slice(at).join("\n").trim();
  // A letter that is nothing but a quotation says what it quotes.
  return own === "" ? { own: quoted } : { own, quoted };
}

/** From where on there is nothing but quoted and empty lines. */
function endsQuoted(lines: string[]): number {
  return lines.findLastIndex((line) => !line.startsWith(">") && line.trim() !== "") + 1;
}

function begins(lines: string[], line: string, index: number, end: number): boolean {
  if (introductions.some((pattern) => pattern.test(line.trim()))) return true;
  // An introduction that was broken in two, and quotations without one that run to the end.
  const next = lines[index + 1]?.trim() ?? "";
  if (next.endsWith(":") && introductions.some((pattern) => pattern.test(`${line.trim()} ${next}`)))
    return true;
  return index >= end && line.startsWith(">");
}
