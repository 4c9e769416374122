/** A bowl on the potter's wheel, at some point of its turn (0 to 1). */
export function drawWheel(turn: number, width: number, height: number): string {
  const angle = turn * 2 * Math.PI;
  const marks = Array.from({ length: 7 }, (_, index) => {
    const at = angle + (index * 2 * Math.PI) / 7;
    return Math.sin(at) < -0.2
      ? ""
      : `<circle cx="${(Math.cos(at) * 118).toFixed(1)}" cy="${(Math.sin(at) * 26 + 6).toFixed(1)}" r="7" fill="#7b4a2f"/>`;
  });
  const wobble = Math.sin(angle * 2) * 3;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-240 -240 480 480" preserveAspectRatio="xMidYMid slice">
  <rect x="-480" y="-300" width="960" height="600" fill="#d9cfc0"/><rect x="-480" y="110" width="960" height="300" fill="#8e7a66"/>
  <ellipse cy="96" rx="190" ry="44" fill="#5f5750"/><ellipse cy="86" rx="190" ry="44" fill="#7c736a"/>
  <path d="M${-120 + wobble},-70 C-110,40 -70,74 -50,84 H50 C70,74 110,40 ${120 + wobble},-70 Z" fill="#b5764f"/>
  <g transform="translate(${wobble} -30) scale(.86)">${marks.join("")}</g>
  <ellipse cx="${wobble}" cy="-70" rx="120" ry="27" fill="#8f5636"/><ellipse cx="${wobble}" cy="-68" rx="104" ry="20" fill="#5e3722"/>
</svg>`;
}
