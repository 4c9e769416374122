import { sans, type Theme } from "./theme.ts";

export const nocturne: Theme = {
  title: { en: "Nocturne", ru: "Ноктюрн" },
  palette: {
    background: "#120c14",
    text: "#f1e7da",
    muted: "#b9a79a",
    line: "#3a2c34",
    box: "#120c14",
    button: "#f0bd6a",
    onButton: "#1b1015",
    accent: "#f0bd6a",
  },
  face: "poiret",
  props: `--r:2px;--rg:2px;--ff:${sans};--fh:H,"Poiret One",Futura,"Century Gothic",sans-serif;--h1:400 48px/1 var(--fh);--h1s:.02em;--h2:400 22px/1.2 var(--fh);--gap:14px;--pt:44px`,
  css: `
.av{width:240px;height:150px;margin-top:-44px;-webkit-mask:radial-gradient(60% 90% at 50% 0,#000 45%,#0000);mask:radial-gradient(60% 90% at 50% 0,#000 45%,#0000)}
h1{color:var(--act);text-shadow:0 0 22px #f0a84a88}
h2{color:var(--act)}
.bio{color:var(--mut)}
.m{border:1px solid var(--line);justify-content:center;font-weight:500}
.m svg,.l>svg{color:var(--act)}
.m:first-child{background:var(--acc);color:var(--accf);border-color:var(--acc);box-shadow:0 0 26px #f0a84a55;font-weight:600}
.m:first-child svg{color:inherit}
.ls{gap:0;border-top:1px solid var(--line)}
.l{padding:0;border-bottom:1px solid var(--line);min-height:54px}
.l b{font-weight:500;font-size:16px}
.pr li,.hr li{border:0;padding:3px 0}
.pr b,.hr b{font-weight:400;color:var(--act)}
.so a{border:1px solid var(--line)}
.ad{border-top:1px solid var(--line);padding-top:14px}
.ad .btn{background:none;color:var(--act);border:1px solid;font-weight:500}
`,
};

export const veil: Theme = {
  title: { en: "Veil", ru: "Вуаль" },
  palette: {
    background: "#1a1411",
    text: "#ffffff",
    muted: "#f0e4d8",
    line: "#4a423e",
    box: "#241d19",
    button: "#ffffff",
    onButton: "#1a1411",
    accent: "#ffffff",
  },
  props: `--r:16px;--rg:12px;--ff:${sans};--fh:var(--ff);--h1:700 34px/1.1 var(--fh);--h1s:-.02em;--h2:600 15px/1.3 var(--fh);--gap:10px;--px:16px;--pt:30px`,
  css: `
.hd{margin-bottom:8px}
.av{width:80px;height:80px;border-radius:26px;box-shadow:0 0 0 1px #ffffff40,0 12px 30px #0008;margin-bottom:4px}
.m,.l,.pr,.hr,.ad,.so a,.fq,.cd{background:var(--card);box-shadow:inset 0 0 0 1px var(--line)}
.grid .m:last-child:nth-child(odd){background:var(--acc);color:var(--accf);justify-content:center}
.pr,.hr,.fq,.cd{border-radius:18px;padding:12px 16px 8px}
.pr b,.hr b{font-weight:500}
.ad{border-radius:18px;padding:12px 12px 12px 16px}
.ad .btn{border-radius:12px}
.l img,.l i{display:grid;border-radius:10px}
.l:has(img,i){padding-left:10px}
`,
};

export const moss: Theme = {
  title: { en: "Moss", ru: "Мох" },
  palette: {
    background: "#14302a",
    text: "#f3ecdb",
    muted: "#c5cfbd",
    line: "#3b574c",
    box: "#1e4037",
    button: "#e0bd7b",
    onButton: "#14302a",
    accent: "#e0bd7b",
  },
  face: "forum",
  props: `--r:4px;--rg:4px;--ff:${sans};--fh:H,Forum,Optima,Palatino,Georgia,serif;--h1:400 42px/1 var(--fh);--h1s:.02em;--h2:400 22px/1.2 var(--fh);--gap:13px;--pt:24px`,
  css: `
.own0{background:radial-gradient(120% 420px at 50% -40px,#23503f,var(--bg)),var(--bg)}
.hd{gap:6px}
.av{width:84px;height:104px;border-radius:50%;padding:5px;border:1px solid var(--act);background:none;margin-bottom:6px}
h1,h2{color:var(--act)}
.ms.grid{grid-template-columns:repeat(4,1fr)}
.grid .m{flex-direction:column;justify-content:center;gap:8px;padding:0 2px;min-height:70px;font-size:12px;font-weight:500}
.grid .m span{max-width:100%}
.m svg,.l i{width:24px;height:24px;color:var(--act)}
.grid .m:last-child:nth-child(4n+1){grid-column:1/-1;flex-direction:row;min-height:48px;background:var(--acc);color:var(--accf);font-size:15px;font-weight:600}
.grid .m:last-child:nth-child(4n+1) svg{color:inherit;width:20px}
.grid .m:last-child:nth-child(4n+3){grid-column:span 2}
.ls{grid-template-columns:1fr 1fr}
.l{flex-direction:column;align-items:stretch;padding:0 0 12px;gap:8px;background:none;border-radius:0}
.l img{display:block;width:100%;height:76px;border-radius:4px}
.l:not(:has(img)){border-top:1px solid var(--line)}
.l>svg{display:none}
.l b{font:400 17px/1.15 var(--fh);color:var(--fg)}
.l span{flex:none}
.pr li,.hr li{padding:4px 0}
.pr b,.hr b{font-weight:400}
.so a{border:1px solid var(--line)}
.so svg{color:var(--act)}
.ad{border-top:1px solid var(--line);padding-top:14px}
.ad .btn{background:none;color:var(--act);border:1px solid;font-weight:500}
`,
};
