import { sans, type Theme } from "./theme.ts";

export const porcelain: Theme = {
  title: { en: "Porcelain", ru: "Фарфор" },
  palette: {
    background: "#fbfaf8",
    text: "#1d1b18",
    muted: "#696358",
    line: "#ded9cf",
    box: "#fbfaf8",
    button: "#1d1b18",
    onButton: "#ffffff",
    accent: "#1d1b18",
  },
  face: "cormorant",
  props: `--r:0;--rg:0;--ff:${sans};--fh:H,"Cormorant Garamond",Didot,"Bodoni 72",Georgia,serif;--h1:500 42px/1 var(--fh);--h1s:.01em;--h2:500 23px/1.2 var(--fh);--fs:14px;--gap:24px;--px:28px;--pt:48px`,
  css: `
.hd{gap:10px}
.av{width:84px;height:84px;border-radius:50%;padding:5px;border:1px solid var(--mut);background:none;margin-bottom:8px}
.bio{line-height:1.5;max-width:270px}
.ms.grid{display:flex;gap:0;border-block:1px solid var(--line)}
.grid .m{flex:1;flex-direction:column;justify-content:center;gap:8px;padding:14px 2px 12px;font-size:12px;font-weight:400;border-left:1px solid var(--line)}
.grid .m:first-child{border:0}
.grid .m span{max-width:100%}
.grid:has(:nth-child(6)){display:grid;grid-template-columns:repeat(4,1fr)}
.ls{gap:0}
.l{padding:0;border-bottom:1px solid var(--line);font:500 21px/1.2 var(--fh);min-height:66px}
.l small{font:13px/1.5 var(--ff)}
.pr li,.hr li{border:0;padding:5px 0}
.pr b,.hr b{font-weight:400}
.so{gap:20px}
.ad{justify-content:center;text-align:center;flex-direction:column}
.ad .btn{background:none;color:inherit;border:1px solid var(--line);font-weight:400}
`,
};

export const terracotta: Theme = {
  title: { en: "Terracotta", ru: "Терракота" },
  palette: {
    background: "#f4eadd",
    text: "#3a2418",
    muted: "#75543f",
    line: "#e0cdb8",
    box: "#fffaf2",
    button: "#9c4324",
    onButton: "#fff9f0",
    accent: "#9c4324",
  },
  face: "alice",
  props: `--r:14px;--rg:12px;--ff:${sans};--fh:H,Alice,"Iowan Old Style",Georgia,serif;--h1:400 40px/1.02 var(--fh);--h2:400 20px/1.25 var(--fh);--gap:13px;--pt:18px`,
  css: `
.hd{gap:6px}
.av{width:92px;height:106px;border-radius:60px 60px 18px 18px;margin-bottom:2px}
.m{min-height:46px;box-shadow:inset 0 0 0 1px var(--line)}
.m svg,.l>svg,.l i{color:var(--act)}
.m:first-child{background:var(--acc);color:var(--accf);box-shadow:none}
.m:first-child svg{color:inherit}
.ls{gap:10px}
.l{background:none;padding:0 14px 0 0;min-height:48px}
.l img,.l i{display:grid;width:48px;height:48px;border-radius:14px;background:var(--card)}
.l b{font:400 18px/1.2 var(--fh)}
.ga h2{margin-bottom:8px}
.so a{background:var(--card);box-shadow:inset 0 0 0 1px var(--line)}
.ad{background:var(--card);border-radius:14px;padding:12px 14px;box-shadow:inset 0 0 0 1px var(--line)}
.ad .btn{border-radius:10px;font-size:14px}
@media(min-width:900px){.hd{justify-items:start;text-align:left}.av{width:168px;height:196px;border-radius:90px 90px 24px 24px}:root{--h1:400 60px/1 var(--fh);--h2:400 24px/1.25 var(--fh)}.bio{font-size:17px}.so{justify-content:flex-start}.z{gap:26px}.ls{grid-template-columns:1fr 1fr;gap:12px}.l{background:var(--card);border-radius:18px;padding:0 16px 0 0;min-height:76px;box-shadow:inset 0 0 0 1px var(--line)}.l:not(:has(img,i)){padding-left:16px}.l img,.l i{width:76px;height:76px;border-radius:18px 4px 4px 18px}}
`,
};

export const gazette: Theme = {
  title: { en: "Gazette", ru: "Газета" },
  palette: {
    background: "#f7f2e7",
    text: "#1b1713",
    muted: "#5e554a",
    line: "#b9ad9a",
    box: "#f7f2e7",
    button: "#1b1713",
    onButton: "#f7f2e7",
    accent: "#1b1713",
  },
  face: "oldstandard",
  props: `--r:0;--rg:0;--ff:Charter,"Iowan Old Style","Noto Serif",Georgia,serif;--fh:H,"Old Standard TT",Georgia,"Times New Roman",serif;--h1:700 52px/1 var(--fh);--h1s:-.02em;--h2:700 22px/1.1 var(--fh);--fs:14px;--gap:13px;--px:18px;--pt:40px`,
  css: `
.hd{column-gap:14px;row-gap:0}
.hd:has(.av){grid-template-columns:116px 1fr;text-align:left;justify-items:start}
h1{grid-column:1/-1;grid-row:1;justify-self:stretch;text-align:center;border-bottom:3px double;padding-bottom:10px;margin-bottom:12px}
.av{grid-row:2;width:116px;height:124px;filter:grayscale(1) contrast(1.15) sepia(.18)}
.bio{grid-row:2;font-size:18px;line-height:1.34;color:var(--fg);font-style:italic;align-self:center;text-wrap:wrap}
.ms.grid{gap:0;border-top:1px solid;border-bottom:1px solid}
.grid .m{padding:0 10px;border-bottom:1px solid var(--line);min-height:46px;font-weight:400;font-size:15px}
.grid .m:nth-child(odd):not(:last-child){border-right:1px solid var(--line);padding-left:2px}
.grid .m:last-child{border-bottom:0}
.grid .m:last-child:nth-child(odd){font-weight:700}
.ls{gap:0}
.l{padding:0;border-bottom:1px solid var(--line);min-height:62px}
.l:last-child{border-color:var(--fg)}
.l b{font:700 21px/1.15 var(--fh)}
.l small{font-style:italic;font-size:14px}
.pr li,.hr li{border:0;padding:3px 0;gap:6px;align-items:baseline}
.pr li span,.hr li span{flex:1;display:flex;flex-wrap:wrap;gap:0 6px;align-items:baseline}
.pr li span:after,.hr li span:after{content:"";flex:1;border-bottom:1px dotted var(--mut)}
.pr small{order:1;width:100%}
.so{gap:2px}
.ad{border-top:3px double;padding-top:12px}
.ad .btn{background:none;color:inherit;border:1px solid;font-weight:400}
.lg{left:0;right:0;justify-content:center;top:-4px;font-style:italic}
`,
};

export const powder: Theme = {
  title: { en: "Powder", ru: "Пудра" },
  palette: {
    background: "#fbeef1",
    text: "#4d1f37",
    muted: "#7a4c63",
    line: "#f1d7df",
    box: "#ffffff",
    button: "#b03267",
    onButton: "#ffffff",
    accent: "#b03267",
  },
  face: "yeseva",
  props: `--r:24px;--rg:18px;--ff:${sans};--fh:H,"Yeseva One","Hoefler Text",Georgia,serif;--h1:400 36px/1.05 var(--fh);--h2:400 19px/1.25 var(--fh);--gap:12px;--pt:26px`,
  css: `
.own0{background:radial-gradient(90% 340px at 12% 0,#ffdfe3,#ffdfe300),radial-gradient(80% 420px at 100% 28%,#eae1fb,#eae1fb00),radial-gradient(90% 380px at 0 90%,#ffe9d8,#ffe9d800),var(--bg)}
.av{width:84px;height:84px;border-radius:50%;border:4px solid var(--card);box-shadow:0 0 0 7px var(--line);margin:7px 0 10px}
.m,.l{box-shadow:0 4px 16px #b0326714}
.m svg,.l i{color:var(--act)}
.m{padding:0 18px;min-height:46px}
.grid .m:last-child:nth-child(odd){background:var(--acc);color:var(--accf);justify-content:center}
.grid .m:last-child:nth-child(odd) svg{color:inherit}
.l{border-radius:30px;padding:0 20px 0 10px;min-height:54px}
.l:not(:has(img,i)){padding-left:20px}
.l img,.l i{display:grid;border-radius:50%}
.pr,.hr{background:var(--card);border-radius:26px;padding:12px 20px 8px}
.pr li,.hr li{padding:4px 0}
.pr li:first-child,.hr li:first-child{border:0}
.so a{background:var(--card);color:var(--act);box-shadow:0 4px 16px #b0326714}
.ad{padding:0 8px}
.ad .btn{border-radius:22px}
`,
};

export const clinic: Theme = {
  title: { en: "Clinic", ru: "Клиника" },
  palette: {
    background: "#eef3f5",
    text: "#12262e",
    muted: "#50656e",
    line: "#dfe8eb",
    box: "#ffffff",
    button: "#0a6a72",
    onButton: "#ffffff",
    accent: "#0a6a72",
  },
  props: `--r:12px;--rg:10px;--ff:${sans};--fh:var(--ff);--h1:700 25px/1.15 var(--fh);--h1s:-.02em;--h2:600 15px/1.3 var(--fh);--gap:10px;--px:14px;--pt:48px`,
  css: `
.hd,.pr,.hr,.ad,.ls,.fq,.cd{background:var(--card);border-radius:18px;padding:16px;box-shadow:0 1px 2px #12262e14}
.hd{column-gap:14px;row-gap:4px;text-align:left;justify-items:start}
.hd:has(.av){grid-template-columns:72px 1fr}
.av{grid-row:1/4;width:72px;height:72px;border-radius:20px}
.op{display:flex;align-items:center;gap:7px;font-size:13px;font-weight:600}
.op:before{content:"";width:8px;height:8px;border-radius:50%;background:#1b9c57}
.op.no:before{background:var(--mut)}
.bio{text-wrap:wrap;font-size:14px}
.m{box-shadow:0 1px 2px #12262e14;padding:0 12px}
.m svg{width:28px;height:28px;padding:6px;border-radius:9px;background:var(--bg);color:var(--act)}
.telegram svg{background:#1c7fb8;color:#fff}.whatsapp svg{background:#177d42;color:#fff}.viber svg{background:#6a55d0;color:#fff}.messenger svg{background:#0866ff;color:#fff}
.ls{gap:0;padding:0}
.l{background:none;border-radius:0}
.l+.l{border-top:1px solid var(--line)}
.l img,.l i{display:grid;border-radius:10px;background:var(--bg);color:var(--act)}
.pr b,.hr b{font-weight:500}
.ad{padding:12px 12px 12px 16px}
.so a{background:var(--card);box-shadow:0 1px 2px #12262e14}
`,
};
