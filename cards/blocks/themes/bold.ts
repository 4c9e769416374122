import { sans, type Theme } from "./theme.ts";

export const poster: Theme = {
  title: { en: "Poster", ru: "Афиша" },
  palette: {
    background: "#ff5b2e",
    text: "#160a05",
    muted: "#2b1008",
    line: "#160a05",
    box: "#ff5b2e",
    button: "#160a05",
    onButton: "#ffe9d2",
    accent: "#160a05",
  },
  face: "sofia",
  props: `--r:0;--rg:0;--ff:"Helvetica Neue",Helvetica,Arial,sans-serif;--fh:H,"Sofia Sans Extra Condensed","Arial Narrow",Impact,sans-serif;--h1:900 124px/.74 var(--fh);--h1s:-.02em;--h2:900 28px/.9 var(--fh);--fs:15px;--gap:11px;--px:16px;--pt:44px`,
  css: `
.hd{display:block;text-align:left;position:relative}
h1{text-transform:uppercase;margin-left:-5px;text-wrap:wrap;max-width:330px;overflow-wrap:anywhere}
.av{position:absolute;right:-2px;top:86px;width:106px;height:106px;border-radius:50%;transform:rotate(8deg);border:4px solid}
.bio{font-weight:700;font-size:17px;line-height:1.2;margin-top:14px;max-width:340px}
.ms{gap:4px}
.m{background:var(--acc);color:var(--accf);font:900 27px/1 var(--fh);text-transform:uppercase;min-height:46px;padding:0 12px}
.grid .m:last-child:nth-child(odd){background:var(--accf);color:var(--acc)}
.ls{gap:0;border-bottom:4px solid}
.l{background:none;padding:0;border-top:4px solid;font:900 27px/1 var(--fh);text-transform:uppercase;min-height:50px}
.l small{font:700 13px/1.3 var(--ff);text-transform:none}
.l>svg{width:26px;height:26px;opacity:1}
h2{text-transform:uppercase}
.pr li,.hr li{border-top:2px solid;font-weight:700;padding:3px 0}
.pr b,.hr b{font:900 22px/1 var(--fh)}
.so{justify-content:flex-start;gap:4px}
.so a{background:var(--acc);color:var(--accf);border-radius:0}
.ad{font-weight:700}
.btn,.ad .btn{font:900 22px/1 var(--fh);text-transform:uppercase}
:root[lang|=ru]{--h1:900 112px/.8 var(--fh)}
`,
};

export const concrete: Theme = {
  title: { en: "Concrete", ru: "Бетон" },
  palette: {
    background: "#dcdcd6",
    text: "#0b0b0b",
    muted: "#3a3a38",
    line: "#0b0b0b",
    box: "#ffffff",
    button: "#0b0b0b",
    onButton: "#ffe500",
    accent: "#0b0b0b",
  },
  props: `--r:0;--rg:0;--ff:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono","Roboto Mono",monospace;--fh:var(--ff);--h1:700 42px/1 var(--fh);--h1s:-.06em;--h2:700 14px/1.2 var(--fh);--fs:13px;--gap:18px;--px:16px;--pt:48px`,
  css: `
.hd{text-align:left;justify-items:start;gap:10px 14px;background:var(--accf);color:var(--acc);border:2px solid var(--fg);padding:14px;box-shadow:5px 5px 0 var(--fg)}
.hd:has(.av){grid-template-columns:1fr 92px}
.av{grid-column:2;grid-row:1/3;width:92px;height:112px;border:2px solid;filter:grayscale(1) contrast(1.25)}
h1{align-self:end;overflow-wrap:anywhere}
.bio{color:inherit;text-wrap:wrap;line-height:1.35}
.ms.grid{gap:0;border:2px solid;background:var(--card);box-shadow:5px 5px 0 var(--fg)}
.m{font-weight:700;text-transform:lowercase;padding:0 12px}
.grid .m{border-bottom:2px solid}
.grid .m:nth-child(odd):not(:last-child){border-right:2px solid}
.grid .m:last-child{border-bottom:0}
.grid .m:last-child:nth-child(odd){background:var(--acc);color:var(--accf)}
.ls{gap:12px}
.l{border:2px solid;box-shadow:5px 5px 0 var(--fg);font-weight:700;font-size:15px}
.l small{font-size:12px}
h2{text-transform:lowercase}
.pr,.hr{border-top:2px solid;padding-top:10px}
.pr h2:before,.hr h2:before{content:"/ "}
.pr li,.hr li{border-top:1px dashed;padding:5px 0}
.so{justify-content:flex-start;gap:0}
.so a{border-radius:0;border:2px solid;background:var(--card);margin-right:-2px;width:46px}
.ad{border-top:2px solid;padding-top:12px}
.ad .btn,.btn{font-weight:700;text-transform:lowercase}
.lg{left:8px;right:auto;text-transform:lowercase;text-decoration:underline}
`,
};

export const crayon: Theme = {
  title: { en: "Crayon", ru: "Мелок" },
  palette: {
    background: "#fff6df",
    text: "#2a1f47",
    muted: "#5a4d78",
    line: "#ecdcb6",
    box: "#ffffff",
    button: "#4b34b5",
    onButton: "#ffffff",
    accent: "#4b34b5",
  },
  face: "shantell",
  props: `--r:20px;--rg:22px;--ff:${sans};--fh:H,"Shantell Sans","Chalkboard SE","Comic Sans MS",sans-serif;--h1:800 42px/1 var(--fh);--h1s:-.02em;--h2:800 21px/1.2 var(--fh);--gap:12px;--pt:20px`,
  css: `
.own0{background:radial-gradient(115% 100% at 50% 0,#ffcf45 99.4%,#ffcf4500) 50% -6px/100% 262px no-repeat,radial-gradient(#f7dfa3 2.4px,#f7dfa300 3px) 0 0/26px 26px,var(--bg)}
.hd{gap:6px}
.av{width:84px;height:84px;border-radius:58% 42% 55% 45%/48% 56% 44% 52%;border:5px solid #fff;transform:rotate(-4deg)}
.bio{color:var(--fg);font-weight:500;margin-bottom:10px;max-width:270px}
.m{font:800 17px/1 var(--fh);border-bottom:5px solid;min-height:50px;padding:0 14px;color:#2a1f47}
.m:nth-child(4n+1){background:#9bdcff;border-color:#5db3e4}.m:nth-child(4n+2){background:#b8ec9b;border-color:#82c460}.m:nth-child(4n+3){background:#d6c5ff;border-color:#a88ff0}.m:nth-child(4n){background:#ffc0cf;border-color:#ee8ba4}
.grid .m:last-child:nth-child(odd){background:var(--acc);color:var(--accf);border-color:#0003;justify-content:center}
.l{border:3px solid var(--fg);padding:5px 16px 5px 10px}
.l:not(:has(img,i)){padding-left:16px}
.l b{font:800 15.5px/1.2 var(--fh)}
.l img,.l i{display:grid;border-radius:12px;width:42px;height:42px}
.l i{color:var(--act)}
.ga h2{margin-bottom:8px}
.ga ul{gap:10px}
.ga img{transform:rotate(-2.5deg);border:4px solid #fff;box-shadow:0 3px 10px #2a1f4722}
.ga li:nth-child(even) img{transform:rotate(2deg) translateY(4px)}
.so a{background:var(--fg);color:var(--bg)}
.so a:nth-child(even){border-radius:16px}
.btn,.ad .btn{font:800 16px/1.2 var(--fh);border-bottom:4px solid #0003}
`,
};

export const swiss: Theme = {
  title: { en: "Swiss", ru: "Швейцария" },
  palette: {
    background: "#ffffff",
    text: "#111111",
    muted: "#555555",
    line: "#111111",
    box: "#ffffff",
    button: "#d40f16",
    onButton: "#ffffff",
    accent: "#d40f16",
  },
  props: `--r:0;--rg:0;--ff:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;--fh:var(--ff);--h1:700 66px/.86 var(--fh);--h1s:-.055em;--h2:700 14px/1.2 var(--fh);--fs:14px;--gap:17px;--px:18px;--pt:18px`,
  css: `
.hd{text-align:left;justify-items:start;gap:18px 16px}
.av{width:calc(50% - 8px);height:104px;object-position:50% 42%}
h1{color:var(--act);margin-left:-4px;overflow-wrap:anywhere}
.bio{color:var(--fg);font-size:17px;line-height:1.25;font-weight:700;letter-spacing:-.01em;text-wrap:wrap;max-width:300px}
.ms.grid{gap:0 16px}
.m{background:none;padding:0;border-top:1px solid;min-height:44px;font-weight:700;flex-direction:row-reverse;justify-content:space-between}
.grid .m:last-child:nth-child(odd){border-top:3px solid;color:var(--act)}
.icons .m{border:0}
.m svg{width:17px}
.ls{gap:0;counter-reset:n;border-bottom:1px solid}
.l{padding:0;border-top:1px solid;counter-increment:n;min-height:52px;font-weight:700}
.l:before{content:"0" counter(n);color:var(--act);width:calc(25% - 16px)}
.l:nth-child(n+10):before{content:counter(n)}
.pr,.hr{display:grid;grid-template-columns:1fr 3fr;border-top:3px solid;padding-top:8px}
.pr li,.hr li{border:0;padding:2px 0}
.so{justify-content:flex-start;margin-left:-12px;gap:0}
.ad{border-top:3px solid;padding-top:10px;align-items:flex-start;font-weight:700}
`,
};
