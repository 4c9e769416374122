/** Faces for the pictures of customers and colleagues: flat shapes, no likeness of anybody. */
export const personNames = [
  "person-nina",
  "person-mark",
  "person-daria",
  "person-timur",
  "person-bun",
  "person-beard",
  "person-fringe",
  "person-curls",
  "person-glasses",
  "person-cap",
  "person-cat",
  "person-fern",
] as const;
export type PersonName = (typeof personNames)[number];

interface Face {
  ground: string;
  skin: string;
  hair: string;
  clothes: string;
  /** Drawn behind the face. */
  behind?: string;
  /** Drawn over it. */
  over?: string;
}

const fringe = (colour: string): string =>
  `<path d="M92,118 Q100,58 160,60 Q222,60 228,120 Q200,92 160,94 Q120,92 92,118 Z" fill="${colour}"/>`;
const longHair = (colour: string): string =>
  `<path d="M84,130 Q84,44 160,44 Q236,44 236,130 V236 H84 Z" fill="${colour}"/>`;
const glasses = `<g fill="none" stroke="#2b2522" stroke-width="5"><circle cx="134" cy="138" r="19"/><circle cx="186" cy="138" r="19"/><path d="M153,136 h14"/></g>`;

const faces: Record<Exclude<PersonName, "person-cat" | "person-fern">, Face> = {
  "person-nina": {
    ground: "#e9d3c1",
    skin: "#f0c9a8",
    hair: "#6b3a24",
    clothes: "#a8452c",
    behind: longHair("#6b3a24"),
    over: fringe("#6b3a24"),
  },
  "person-mark": {
    ground: "#cfdbe0",
    skin: "#e8b892",
    hair: "#3b2c22",
    clothes: "#2f4f63",
    over: `${fringe("#3b2c22")}<path d="M104,150 Q108,212 160,214 Q212,212 216,150 Q206,182 160,182 Q114,182 104,150 Z" fill="#3b2c22"/>`,
  },
  "person-daria": {
    ground: "#dfe3cf",
    skin: "#f3d2b5",
    hair: "#c79a52",
    clothes: "#5f7f5a",
    behind: `<circle cx="160" cy="48" r="30" fill="#c79a52"/>`,
    over: fringe("#c79a52"),
  },
  "person-timur": {
    ground: "#e4dccb",
    skin: "#d39b6d",
    hair: "#1f1a18",
    clothes: "#44597a",
    over: fringe("#1f1a18") + glasses,
  },
  "person-bun": {
    ground: "#d8cfe3",
    skin: "#efc4a0",
    hair: "#4a2a1c",
    clothes: "#7a5a8c",
    behind: `<circle cx="160" cy="50" r="34" fill="#4a2a1c"/>`,
    over: fringe("#4a2a1c"),
  },
  "person-beard": {
    ground: "#d5dfd0",
    skin: "#e6b48c",
    hair: "#8a4b25",
    clothes: "#3c4a3c",
    over: `${fringe("#8a4b25")}<path d="M102,148 Q104,226 160,228 Q216,226 218,148 Q208,180 160,180 Q112,180 102,148 Z" fill="#8a4b25"/>`,
  },
  "person-fringe": {
    ground: "#f1dccf",
    skin: "#f2cfb2",
    hair: "#1f2430",
    clothes: "#c26d4a",
    behind: longHair("#1f2430"),
    over: fringe("#1f2430"),
  },
  "person-curls": {
    ground: "#cfe0e4",
    skin: "#a9714a",
    hair: "#241812",
    clothes: "#d9a441",
    behind: [92, 120, 160, 200, 228]
      .map((x, index) => `<circle cx="${x}" cy="${84 - (index % 2) * 22}" r="38" fill="#241812"/>`)
      .join(""),
  },
  "person-glasses": {
    ground: "#e7e1d3",
    skin: "#efc7a5",
    hair: "#b9b3aa",
    clothes: "#4c5b6b",
    over: fringe("#b9b3aa") + glasses,
  },
  "person-cap": {
    ground: "#dbe3ee",
    skin: "#e9bd98",
    hair: "#4b3a2c",
    clothes: "#5b6b8c",
    over: `<path d="M88,116 Q92,56 160,56 Q228,56 232,116 L270,124 Q240,132 88,118 Z" fill="#35607f"/>`,
  },
};

export function drawPerson(name: PersonName): string {
  const body = name === "person-cat" ? cat : name === "person-fern" ? fern : face(faces[name]);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="0 0 320 320">${body}</svg>`;
}

function face({ ground, skin, clothes, behind = "", over = "" }: Face): string {
  return `<rect width="320" height="320" fill="${ground}"/>${behind}
  <path d="M50,330 Q60,228 160,226 Q260,228 270,330 Z" fill="${clothes}"/><rect x="136" y="190" width="48" height="56" rx="22" fill="${skin}"/>
  <ellipse cx="160" cy="140" rx="68" ry="80" fill="${skin}"/><circle cx="134" cy="138" r="6" fill="#2b2522"/><circle cx="186" cy="138" r="6" fill="#2b2522"/>
  ${over}<path d="M140,176 Q160,192 180,176" fill="none" stroke="#8a4a3a" stroke-width="5" stroke-linecap="round"/>`;
}

const cat = `<rect width="320" height="320" fill="#e6d7c3"/><path d="M70,120 L84,34 L140,84 H180 L236,34 L250,120 Q270,260 160,268 Q50,260 70,120 Z" fill="#d08a45"/><circle cx="122" cy="150" r="13" fill="#2b2522"/><circle cx="198" cy="150" r="13" fill="#2b2522"/><path d="M148,186 h24 l-12,14 z" fill="#8a3d33"/><g stroke="#7a4a22" stroke-width="8"><path d="M160,70 v34 M136,76 v26 M184,76 v26"/></g>`;

const fern = `<rect width="320" height="320" fill="#dfe7d8"/><path d="M110,230 h100 l-14,76 h-72 z" fill="#b5683f"/>${[-60, -30, 0, 30, 60].map((lean) => `<path d="M160,232 Q${160 + lean},150 ${160 + lean * 2},${60 + Math.abs(lean)}" fill="none" stroke="#4f7a4a" stroke-width="16" stroke-linecap="round"/>`).join("")}`;
