/** The panel's sheet. Colours are the custom properties that the loader's sheet sets; `--k` is the accent as text. */
export const panelStyle = `
.panel{position:fixed;z-index:2147483001;inset-inline:auto;bottom:calc(var(--y) + 68px);width:384px;max-width:calc(100vw - 2*var(--x));max-height:min(704px,calc(100dvh - 108px));display:flex;flex-direction:column;overflow:hidden;border-radius:var(--r);background:var(--g);color:var(--t);box-shadow:0 16px 56px rgb(0 0 0/.24),0 0 0 1px var(--l);font:400 15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:start;outline:0}
:host([data-side=left]) .panel{left:max(var(--x),env(safe-area-inset-left))}
:host([data-side=right]) .panel{right:max(var(--x),env(safe-area-inset-right))}
.panel b{font-weight:600}.panel small{font-size:13px;color:var(--s)}.panel p{margin:0}.panel h2{margin:0;font-size:22px;line-height:1.25;font-weight:700}
.panel button,.panel a{color:inherit;text-decoration:none;cursor:pointer}
.panel button{border:0;background:0 0;padding:0;text-align:start}
.panel button:disabled{opacity:.45;cursor:default}
.icon{display:grid!important;place-items:center;width:36px;height:36px;flex:none;border-radius:calc(var(--r)*.6);color:var(--s)!important}
.icon:hover{background:var(--o)!important}
.icon.go{background:var(--a)!important;color:var(--on)!important}
.dot{display:inline-block;width:8px;height:8px;margin-inline-end:7px;border-radius:50%;background:#17a55b;flex:none}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:pre}
.dot.off{background:0 0;border:2px solid var(--f)}
.main{display:flex!important;align-items:center;gap:12px;padding:12px 16px!important;border-radius:calc(var(--r)*.6);background:var(--a)!important;color:var(--on)!important;font-weight:600}
.main small{display:block;color:inherit;font-weight:400}.main span{flex:1}.main.wide{width:100%}.main.center{justify-content:center;width:100%}
.second{min-height:36px;padding:0 14px!important;border:1px solid var(--l)!important;border-radius:calc(var(--r)*.6);font-weight:600}
.text{color:var(--k)!important;font-weight:600;text-decoration:underline!important;text-underline-offset:2px}
.bad,.panel small.bad{color:light-dark(#b3122a,#ff8b96)}
.soft{color:var(--s)}
.home{padding:20px 20px 8px;overflow:auto}
.top{display:flex;justify-content:space-between;align-items:start;margin-bottom:12px}
.faces{display:flex}.faces .face+.face{margin-inline-start:-10px;box-shadow:0 0 0 3px var(--g)}
.face{position:relative;display:grid!important;place-items:center;width:44px;height:44px;flex:none!important;border-radius:50%;background:var(--o);font-weight:600;overflow:visible!important}
.face img{width:100%;height:100%;border-radius:50%;object-fit:cover}
.face.small{width:28px;height:28px;font-size:12px}.face.none{background:0 0}
.face .dot{position:absolute;inset-block-end:0;inset-inline-end:0;width:11px;height:11px;margin:0;box-shadow:0 0 0 2px var(--g)}
.state{color:var(--s);margin:6px 0 18px!important}
.label{margin:18px 0 4px!important;font-size:13px;color:var(--s)}.label.line{margin-inline:-20px!important;padding:14px 20px 0;border-top:1px solid var(--l)}
.row{display:flex!important;align-items:center;gap:12px;width:100%;min-height:56px;padding:6px 8px!important;margin-inline:-8px;border-radius:calc(var(--r)*.6)}
.row:hover{background:var(--o)!important}
.row>span{flex:1;min-width:0}.row>span>*{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.row svg{color:var(--s);flex:none}
.count{min-width:20px;padding:0 6px;border-radius:10px;background:#c8102e;color:#fff!important;text-align:center;font-weight:600}
.runs{margin:12px -20px 0!important;padding:12px;border-top:1px solid var(--l);text-align:center;font-size:13px;color:var(--s)}
.head{display:flex;align-items:center;gap:8px;padding:12px;border-bottom:1px solid var(--l)}.head .face{width:36px;height:36px}.head [aria-expanded] svg{stroke-width:3}
.head div{flex:1;min-width:0}.head b,.head small{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
@media(pointer:coarse){.icon{width:44px;height:44px}.panel input,.panel textarea{font-size:16px!important}.second,.pill,.text{min-height:44px!important}}
@media(max-width:479px){.panel{inset:0!important;width:100%;max-width:none;max-height:none;height:100dvh;border-radius:0;padding-top:env(safe-area-inset-top);padding-bottom:env(safe-area-inset-bottom)}.log{min-height:0}:host([data-open]) .b{display:none}}
@media(forced-colors:active){.panel,.bubble,.main,.pill{border:1px solid}.dot{forced-color-adjust:none}}
`;
