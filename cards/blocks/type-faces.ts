/** The faces that a card may take: eight that are cut to the letters of its headings, and those that every phone has. */

export const cutFaceIds = [
  "alice",
  "cormorant",
  "yeseva",
  "forum",
  "poiret",
  "oldstandard",
  "sofia",
  "shantell",
] as const;
export const systemFaceIds = ["sans", "serif", "mono", "rounded"] as const;
export const headingFaceIds = [...cutFaceIds, ...systemFaceIds] as const;
export type CutFaceId = (typeof cutFaceIds)[number];
export type SystemFaceId = (typeof systemFaceIds)[number];
export type HeadingFaceId = (typeof headingFaceIds)[number];

/** What stands in while the face loads, and where it has no letter. */
export const cutFaces: Record<CutFaceId, { family: string; weight: number; stack: string }> = {
  alice: { family: "Alice", weight: 400, stack: `Alice,"Iowan Old Style",Georgia,serif` },
  cormorant: {
    family: "Cormorant Garamond",
    weight: 500,
    stack: `"Cormorant Garamond",Didot,"Bodoni 72",Georgia,serif`,
  },
  yeseva: { family: "Yeseva One", weight: 400, stack: `"Yeseva One","Hoefler Text",Georgia,serif` },
  forum: { family: "Forum", weight: 400, stack: `Forum,Optima,Palatino,Georgia,serif` },
  poiret: { family: "Poiret One", weight: 400, stack: `"Poiret One",Futura,"Century Gothic",sans-serif` },
  oldstandard: {
    family: "Old Standard TT",
    weight: 700,
    stack: `"Old Standard TT",Georgia,"Times New Roman",serif`,
  },
  sofia: {
    family: "Sofia Sans Extra Condensed",
    weight: 900,
    stack: `"Sofia Sans Extra Condensed","Arial Narrow",Impact,sans-serif`,
  },
  shantell: {
    family: "Shantell Sans",
    weight: 800,
    stack: `"Shantell Sans","Chalkboard SE","Comic Sans MS",sans-serif`,
  },
};

export const systemFaces: Record<SystemFaceId, string> = {
  sans: `-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`,
  serif: `Charter,"Iowan Old Style","Noto Serif",Georgia,serif`,
  mono: `ui-monospace,Menlo,Consolas,"DejaVu Sans Mono","Roboto Mono",monospace`,
  rounded: `ui-rounded,"SF Pro Rounded","Arial Rounded MT Bold","Nunito",-apple-system,"Segoe UI",Roboto,sans-serif`,
};

export const isCut = (id: HeadingFaceId): id is CutFaceId => id in cutFaces;
