/** What every theme shares. Class names are short: they are on every page. */
export const baseCss = `
*{box-sizing:border-box;margin:0;padding:0}
html{background:var(--bg);-webkit-text-size-adjust:100%}
body{font:var(--fs,15px)/1.4 var(--ff);color:var(--fg);min-height:100vh;overflow-wrap:anywhere}
main{max-width:430px;margin:0 auto;padding:var(--pt,24px) var(--px,20px) 28px;position:relative}
main,.a,.z{display:grid;gap:calc(var(--gap,18px)*var(--sp,1));align-content:start}
main *{min-width:0}
a{color:inherit;text-decoration:none}
ul{list-style:none}
img{display:block;object-fit:cover;background:var(--line)}
svg{width:20px;height:20px;fill:currentColor;flex:none}
h1{font:var(--h1);letter-spacing:var(--h1s,0);text-wrap:balance}
h2{font:var(--h2,600 15px/1.3 var(--ff));margin-bottom:6px}
small{display:block;font-size:13px;font-weight:400;color:var(--mut)}
hr{border:0;border-top:1px solid var(--line)}
section>p{text-wrap:pretty}
.hd{display:grid;justify-items:center;text-align:center;gap:8px}
.lg~.a .hd:not(:has(.av)){padding-top:24px}
.bio{color:var(--mut);text-wrap:balance;max-width:320px}
.op{display:none}
.ms{display:grid;grid-template-columns:1fr 1fr;gap:8px}
.m,.l{display:flex;align-items:center;gap:10px;min-height:48px;padding:0 14px;background:var(--card);border-radius:var(--r);font-weight:600}
.m span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.grid .m:last-child:nth-child(odd){grid-column:1/-1}
.ms.list{grid-template-columns:1fr}
.ms.icons{display:flex;flex-wrap:wrap;justify-content:center}
.icons .m{width:48px;padding:0;justify-content:center}
.icons .m span{position:absolute;width:1px;height:1px;clip-path:inset(50%)}
.ls{display:grid;gap:8px}
.l{min-height:56px}
.l span{flex:1;padding:6px 0}
.l b{font-weight:inherit}
.l img,.l i{width:40px;height:40px;border-radius:8px;display:none}
.l i{place-items:center}
.l>svg{width:16px;height:16px;opacity:.8}
.pr li,.hr li{display:flex;gap:12px;justify-content:space-between;padding:6px 0;border-top:1px solid var(--line)}
.pr b,.hr b{font-weight:600;font-variant-numeric:tabular-nums;flex:none;max-width:60%;text-align:end}
.ga ul{display:grid;grid-template-columns:repeat(3,1fr);gap:6px}
.ga img{width:100%;height:auto;aspect-ratio:1;border-radius:var(--rg,8px)}
.so{display:flex;flex-wrap:wrap;justify-content:center;gap:8px}
.so a{display:grid;place-items:center;width:44px;height:44px;border-radius:50%}
.ad{display:flex;align-items:center;gap:12px;font-style:normal}
.ad span{flex:1}
.lg{position:absolute;top:6px;right:8px;font-size:13px;z-index:2;display:flex;flex-wrap:wrap;justify-content:flex-end}
.lg a{padding:11px 8px}
.by{text-align:center;font-size:13px;color:var(--mut)}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
.fq details{border-top:1px solid var(--line)}
.fq p{padding-bottom:12px}
summary{font-weight:600;cursor:pointer;padding:12px 0}
.btn{display:grid;place-items:center;width:100%;border:0;min-height:48px;padding:6px 14px;font:600 15px/1.2 var(--ff);background:var(--acc);color:var(--accf);border-radius:var(--r);text-align:center}
.ad .btn{width:auto;min-height:44px;padding:0 16px;flex:none}
.rv li{padding:10px 0;border-top:1px solid var(--line)}
.rv [role=img]{letter-spacing:.1em}
.fo form,.q{display:grid;gap:12px}
.q{gap:4px;font-weight:600}
.q:has(:required) span:after{content:" *"}
.q input,.q select,.q textarea{width:100%;min-height:48px;padding:11px 12px;border:1px solid var(--mut);border-radius:var(--r);background:var(--bg);color:var(--fg);font:16px/1.4 var(--ff)}
.c{grid-template-columns:24px 1fr;gap:10px;font-weight:400}
.c input{min-height:0;height:24px;accent-color:var(--acc)}
.c a{text-decoration:underline}
.hp{position:absolute;left:-999em}
.er{font-weight:600}
.q+.er{margin-top:-6px}
.er[id]:before{content:"⚠ "}
[aria-invalid]{outline:2px solid;outline-offset:-2px}
.cd p{font:var(--h2);font-size:22px}
.v{display:block;background:var(--card);border-radius:var(--rg,8px);overflow:hidden}
.v summary{display:block;padding:0}
.v span{display:block;padding:12px 14px;font-weight:600}
.v span:before{content:"▶ "}
.v img,.v iframe{width:100%;height:auto;border:0;display:block}
.v iframe:not([height]){aspect-ratio:16/9}
@media(min-width:900px){main{max-width:1080px;grid-template-columns:380px 1fr;gap:64px;padding-top:72px}.a{position:sticky;top:72px}.ga ul{gap:12px}}
@media(prefers-reduced-motion:no-preference){.m,.l,.btn{transition:filter .15s}.m:hover,.l:hover,.btn:hover{filter:brightness(.97)}}
`;
