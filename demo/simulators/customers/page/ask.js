/** Talking to the simulators. Everything rejects with an error whose message can be shown. */
export async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.message);
  return body;
}

export function post(path, body) {
  const headers = { "content-type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export function upload(place, blob, more) {
  const given = Object.entries({ ...place, ...more }).filter(([, value]) => value !== undefined);
  return ask(`/files?${new URLSearchParams(given)}`, { method: "POST", body: blob });
}

export function fileUrl(stage, id) {
  return `/files/${stage}/${encodeURIComponent(id)}`;
}
