/** What the studio makes and where: mugs, plates, bowls, vases, the kiln, shelves, a parcel. */
export const wareNames = [
  "mug-blue",
  "mug-sand",
  "mug-green",
  "mug-cracked",
  "mugs-row",
  "plates",
  "bowls",
  "bowl-kintsugi",
  "vase",
  "teapot",
  "kiln",
  "shelf",
  "glazes",
  "parcel",
  "studio",
] as const;
export type WareName = (typeof wareNames)[number];

const width = 960;
const height = 720;

export function drawWare(name: WareName): string {
  const { ground, body } = scenes[name];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
  <defs>
    <linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${ground[0]}"/><stop offset="1" stop-color="${ground[1]}"/></linearGradient>
    <linearGradient id="shade" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#fff" stop-opacity=".22"/><stop offset=".35" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".32"/></linearGradient>
    <radialGradient id="glow" cx=".5" cy=".5" r=".5"><stop offset="0" stop-color="#ffd27a"/><stop offset=".55" stop-color="#f2722c"/><stop offset="1" stop-color="#7a1d0c"/></radialGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="16"/></filter>
  </defs>
  <rect width="${width}" height="${height}" fill="url(#wall)"/>
  <rect y="520" width="${width}" height="200" fill="${ground[2]}"/>
  <rect y="520" width="${width}" height="3" fill="#000" opacity=".12"/>
  ${body}
</svg>`;
}

const sand = ["#efe6da", "#e2d3c0", "#b98d63"] as const;
const cool = ["#dfe6e6", "#c9d4d3", "#8e7a66"] as const;
const dusk = ["#4a4440", "#36302d", "#241f1c"] as const;
const mint = ["#e4eadf", "#cfd9c7", "#a07c56"] as const;

const scenes: Record<WareName, { ground: readonly [string, string, string]; body: string }> = {
  "mug-blue": { ground: sand, body: mug(480, 560, 1.5, "#dfe7ec", "#3f6c8f") },
  "mug-sand": { ground: cool, body: mug(480, 560, 1.5, "#f1e7d6", "#c69660") },
  "mug-green": { ground: sand, body: mug(480, 560, 1.5, "#e8ede1", "#5f7f5a") },
  "mug-cracked": { ground: cool, body: mug(480, 560, 1.5, "#f1e7d6", "#b07a4a") + crack("#4b3524", 3) },
  "mugs-row": {
    ground: mint,
    body:
      mug(210, 560, 0.95, "#dfe7ec", "#3f6c8f") +
      mug(480, 575, 1.05, "#f1e7d6", "#c26d4a") +
      mug(760, 560, 0.95, "#e8ede1", "#5f7f5a"),
  },
  plates: {
    ground: sand,
    body: plate(320, 430, 190, "#e9e0d2", "#a4593a") + plate(620, 470, 220, "#dfe7ec", "#35607f"),
  },
  bowls: {
    ground: cool,
    body: bowl(300, 560, 1, "#e8ede1", "#6d8d68") + bowl(640, 590, 1.3, "#f0e2d0", "#b5683f"),
  },
  "bowl-kintsugi": { ground: dusk, body: bowl(480, 590, 1.8, "#3d4a55", "#2b3640") + crack("#e2b654", 6) },
  vase: { ground: mint, body: vase("#dfe3ea", "#44597a") },
  teapot: { ground: sand, body: teapot("#7a8b6f", "#5d6e54") },
  kiln: { ground: dusk, body: kiln() },
  shelf: { ground: cool, body: shelf() },
  glazes: { ground: sand, body: glazes() },
  parcel: { ground: mint, body: parcel() },
  studio: { ground: mint, body: shelf() + bowl(480, 640, 1.1, "#f0e2d0", "#b5683f") },
};

function shadow(x: number, y: number, rx: number): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${rx * 0.16}" fill="#000" opacity=".3" filter="url(#soft)"/>`;
}

function speckles(x: number, y: number, spreadX: number, spreadY: number, count = 40): string {
  return Array.from({ length: count }, (_, index) => {
    const dx = Math.sin(index * 12.9) * spreadX;
    const dy = Math.cos(index * 7.3) * spreadY;
    return `<circle cx="${(x + dx).toFixed(1)}" cy="${(y + dy).toFixed(1)}" r="${1 + (index % 3) * 0.7}" fill="#3a2c20" opacity=".38"/>`;
  }).join("");
}

/** A mug that stands at (x, y): raw clay below, glaze above, with a drip line between. */
function mug(x: number, y: number, scale: number, clay: string, glaze: string): string {
  const drip = "M-100,-110 q25,34 50,6 q25,-20 50,10 q25,22 50,-4 q25,-18 50,8 V-220 H-100 Z";
  return `${shadow(x, y, 130 * scale)}<g transform="translate(${x} ${y}) scale(${scale})">
    <path d="M96,-180 c96,-20 104,130 -8,126" fill="none" stroke="${glaze}" stroke-width="26" stroke-linecap="round"/>
    <path d="M-100,-220 V-26 Q-100,0 -72,0 H72 Q100,0 100,-26 V-220 Z" fill="${clay}"/>
    <path d="${drip}" fill="${glaze}"/>
    <path d="M-100,-220 V-26 Q-100,0 -72,0 H72 Q100,0 100,-26 V-220 Z" fill="url(#shade)"/>
    <ellipse cy="-220" rx="100" ry="22" fill="${glaze}"/><ellipse cy="-218" rx="86" ry="16" fill="#2e2019" opacity=".75"/>
    ${speckles(0, -60, 86, 40)}
  </g>`;
}

function plate(x: number, y: number, radius: number, clay: string, glaze: string): string {
  const rings = [1, 0.82, 0.56, 0.3].map(
    (part, index) =>
      `<circle cx="${x}" cy="${y}" r="${radius * part}" fill="${index % 2 ? glaze : clay}" opacity="${index === 3 ? 0.4 : 1}"/>`,
  );
  return `${shadow(x, y + radius * 0.9, radius)}${rings.join("")}<circle cx="${x}" cy="${y}" r="${radius}" fill="url(#shade)"/>${speckles(x, y, radius * 0.7, radius * 0.7, 60)}`;
}

function bowl(x: number, y: number, scale: number, clay: string, glaze: string): string {
  return `${shadow(x, y, 150 * scale)}<g transform="translate(${x} ${y}) scale(${scale})">
    <path d="M-150,-120 C-140,-30 -80,-6 -46,0 H46 C80,-6 140,-30 150,-120 Z" fill="${clay}"/>
    <path d="M-150,-120 C-147,-90 -138,-70 -126,-54 q40,22 84,2 q50,-16 84,6 q46,12 84,-8 C138,-70 147,-90 150,-120 Z" fill="${glaze}"/>
    <path d="M-150,-120 C-140,-30 -80,-6 -46,0 H46 C80,-6 140,-30 150,-120 Z" fill="url(#shade)"/>
    <ellipse cy="-120" rx="150" ry="30" fill="${clay}"/><ellipse cy="-118" rx="134" ry="23" fill="${glaze}"/>
  </g>`;
}

function crack(colour: string, thick: number): string {
  return `<path d="M470,250 l-16,46 22,34 -30,52 26,40 -12,60 20,44 M446,382 l-58,24 -30,36 M472,422 l64,20 34,46" fill="none" stroke="${colour}" stroke-width="${thick}" stroke-linejoin="round"/>`;
}

function vase(clay: string, glaze: string): string {
  const stems = [-34, -8, 22, 44].map(
    (lean, index) =>
      `<path d="M${480 + lean / 3},230 Q${480 + lean},150 ${480 + lean * 2.2},${70 + index * 14}" fill="none" stroke="#7d8a57" stroke-width="5"/><circle cx="${480 + lean * 2.2}" cy="${66 + index * 14}" r="20" fill="${index % 2 ? "#d9a441" : "#c9653f"}"/>`,
  );
  return `${shadow(480, 610, 130)}${stems.join("")}<path d="M440,220 C440,300 350,330 350,450 C350,560 410,606 440,612 H520 C550,606 610,560 610,450 C610,330 520,300 520,220 Z" fill="${clay}"/><path d="M440,220 C440,290 376,322 357,400 q50,38 98,6 q60,-34 148,-4 C584,322 520,290 520,220 Z" fill="${glaze}"/><path d="M440,220 C440,300 350,330 350,450 C350,560 410,606 440,612 H520 C550,606 610,560 610,450 C610,330 520,300 520,220 Z" fill="url(#shade)"/>${speckles(480, 500, 100, 70, 50)}`;
}

function teapot(clay: string, glaze: string): string {
  return `${shadow(470, 600, 210)}<path d="M640,470 C740,450 700,350 800,330" fill="none" stroke="${clay}" stroke-width="44" stroke-linecap="round"/><path d="M300,400 C180,370 190,540 320,520" fill="none" stroke="${glaze}" stroke-width="30"/><ellipse cx="470" cy="470" rx="200" ry="135" fill="${clay}"/><ellipse cx="470" cy="470" rx="200" ry="135" fill="url(#shade)"/><path d="M350,370 Q470,300 590,370 Z" fill="${glaze}"/><circle cx="470" cy="322" r="22" fill="${glaze}"/>${speckles(470, 490, 150, 80, 60)}`;
}

function kiln(): string {
  const pots = [330, 440, 550].map(
    (x) => bowl(x, 430, 0.36, "#ffcf8a", "#f7a04a") + bowl(x, 520, 0.36, "#ffbe70", "#ef8a3c"),
  );
  return `<rect x="210" y="120" width="540" height="490" rx="26" fill="#6d665f"/><rect x="250" y="160" width="460" height="400" rx="14" fill="#2a1712"/><rect x="266" y="176" width="428" height="368" rx="8" fill="url(#glow)" opacity=".92"/><rect x="266" y="434" width="428" height="8" fill="#58240f"/>${pots.join("")}<rect x="600" y="572" width="110" height="28" rx="6" fill="#191512"/><text x="655" y="593" font-family="monospace" font-size="22" fill="#ff6b4a" text-anchor="middle">1240°C</text>`;
}

function shelf(): string {
  const board = (y: number): string => `<rect x="90" y="${y}" width="780" height="16" fill="#9a754f"/>`;
  const rows = [
    mug(200, 250, 0.6, "#dfe7ec", "#3f6c8f"),
    bowl(400, 250, 0.55, "#e8ede1", "#6d8d68"),
    mug(590, 250, 0.6, "#f1e7d6", "#c26d4a"),
    bowl(770, 250, 0.5, "#f0e2d0", "#8c5b86"),
    bowl(230, 440, 0.6, "#f0e2d0", "#b5683f"),
    mug(440, 440, 0.6, "#e8ede1", "#5f7f5a"),
    mug(610, 440, 0.6, "#f1e7d6", "#c69660"),
    bowl(780, 440, 0.5, "#dfe7ec", "#35607f"),
  ];
  return board(250) + board(440) + rows.join("");
}

function glazes(): string {
  const colours = [
    "#3f6c8f",
    "#c26d4a",
    "#5f7f5a",
    "#d9a441",
    "#8c5b86",
    "#2f3f4a",
    "#e3d3ba",
    "#a4593a",
    "#7f9ba6",
    "#c98f9a",
    "#6d8d68",
    "#4a3b33",
  ];
  return colours
    .map((colour, index) => {
      const x = 150 + (index % 4) * 180;
      const y = 90 + Math.floor(index / 4) * 190;
      return `<rect x="${x}" y="${y}" width="140" height="150" rx="12" fill="${colour}"/><rect x="${x}" y="${y}" width="140" height="150" rx="12" fill="url(#shade)"/><circle cx="${x + 70}" cy="${y + 20}" r="8" fill="#efe6da"/>`;
    })
    .join("");
}

function parcel(): string {
  return `${shadow(480, 600, 260)}<path d="M230,300 L480,230 L730,300 V560 L480,620 L230,560 Z" fill="#c49a6c"/><path d="M480,370 L730,300 V560 L480,620 Z" fill="#a97f54"/><path d="M230,300 L480,370 L730,300 L480,230 Z" fill="#d6b083"/><path d="M340,268 L592,340 V392 L340,322" fill="#e9dcc4" opacity=".8"/><rect x="270" y="420" width="150" height="90" fill="#fffaf0" transform="skewY(12) translate(0 -70)"/>`;
}
