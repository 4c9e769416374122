/** The part of the sheet that a chat, a form and the way into a messenger need. */
export const chatStyle = `
.thin{padding:4px;background:var(--o);color:var(--s);font-size:12px;text-align:center}
.log{flex:1;min-height:240px;overflow-y:auto;overscroll-behavior:contain;outline-offset:-3px!important}
.lines{display:flex;flex-direction:column;gap:3px;padding:16px 14px 12px}
.day{align-self:center;font-size:12px;color:var(--s);padding:8px 0 6px}
.quiet{align-self:center;font-size:13px;color:var(--k)!important;padding:6px 12px!important}
.msg{display:grid;grid-template-columns:28px auto;justify-content:start;gap:4px 8px;max-width:88%}.msg.begins{margin-top:7px}
.msg>.face{align-self:end}.msg>:is(.when,.answers,.acts){grid-column:2}
.msg.mine{align-self:flex-end;display:flex;flex-direction:column;align-items:flex-end;max-width:82%}.msg.mine .body{align-items:flex-end}
.body{position:relative;display:flex;flex-direction:column;gap:4px;align-items:flex-start;min-width:0;max-width:100%}
.bubble{padding:9px 13px;border-radius:calc(var(--r)*.72);background:var(--o);overflow-wrap:anywhere}.said{white-space:pre-wrap}
.mine .bubble{background:var(--a);color:var(--on)}.bubble.soft{color:var(--s);background:0 0;border:1px dashed var(--l)}
.ends .bubble:last-child{border-end-start-radius:4px}.mine.ends .bubble:last-child{border-end-start-radius:calc(var(--r)*.72);border-end-end-radius:4px}
.photo+.bubble{margin-top:-4px;border-start-start-radius:0;border-start-end-radius:0;align-self:stretch}.photo:has(+.bubble) img{border-end-start-radius:0;border-end-end-radius:0}.body:has(.photo+.bubble){max-width:240px}
blockquote{margin:0 0 6px;padding-inline-start:8px;border-inline-start:3px solid;opacity:.85;font-size:13px}blockquote b{display:block}
.msg small{font-size:12px}.when svg{width:15px;height:15px;vertical-align:-3px;margin-inline-end:3px;color:var(--k)}.reactions{display:flex;gap:4px;font-size:14px}.reactions i{padding:1px 8px;border:1px solid var(--l);border-radius:12px;font-style:normal}.reactions .own{border-color:var(--k)}
.tools{position:absolute;inset-block-start:4px;inset-inline-start:calc(100% + 2px);display:grid!important;place-items:center;width:28px;height:28px;border-radius:8px;color:var(--s)!important;opacity:0}.tools svg{width:16px;height:16px}
.mine .tools{inset-inline:auto calc(100% + 2px)}.body:hover .tools,.tools:focus-visible,.tools[aria-expanded=true]{opacity:1}.tools:hover{background:var(--o)!important}@media(hover:none){.tools:not(:focus-visible){opacity:0!important;pointer-events:none}}
.acts{justify-self:start;display:flex;flex-wrap:wrap;align-items:center;gap:2px;padding:4px;border:1px solid var(--l);border-radius:calc(var(--r)*.6);background:var(--g);box-shadow:0 4px 14px rgb(0 0 0/.12)}.acts button{min-width:32px;min-height:32px;padding:0 8px!important;border-radius:calc(var(--r)*.45);font-size:14px}.acts button:hover,.acts [aria-pressed=true]{background:var(--o)!important}.acts .faces{flex-wrap:wrap;width:100%}.acts .faces button{padding:0!important;text-align:center;font-size:18px}
.acts .bad{color:light-dark(#b3122a,#ff8b96)!important}
@media(pointer:coarse){.acts button{min-width:44px;min-height:44px}.panel .bar textarea{min-height:44px;padding-block:10px}}
.photo{max-width:240px}.photo img{display:block;max-width:100%;max-height:260px;width:auto;height:auto;border-radius:calc(var(--r)*.72);background:var(--o)}
audio,video{max-width:250px;border-radius:calc(var(--r)*.6)}video{height:auto}
.file svg,.upload>svg{box-sizing:content-box;flex:none;padding:8px;border-radius:calc(var(--r)*.5);color:var(--k);background:color-mix(in srgb,var(--k) 12%,transparent)}.file{display:flex;gap:10px;align-items:center;min-width:180px;padding:10px 12px;border:1px solid var(--l);border-radius:calc(var(--r)*.72)}.file span>*{display:block;overflow-wrap:anywhere}
.answers{display:flex;flex-wrap:wrap;gap:8px}.pill{min-height:34px;padding:6px 14px!important;border:1px solid var(--k)!important;border-radius:20px;color:var(--k)!important;font-weight:500;font-size:14px}
.pill.below{position:relative;z-index:1;align-self:center;display:flex!important;align-items:center;gap:4px;margin:-44px 0 8px;background:var(--g)!important;box-shadow:0 4px 14px rgb(0 0 0/.16)}.pill.below svg{width:16px;height:16px}
.dots{display:flex;gap:5px;align-items:center;min-height:40px}.dots i{width:7px;height:7px;border-radius:50%;background:var(--s);animation:sb 1s infinite alternate}.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes sb{to{opacity:.25}}
.card{margin-top:10px;padding:12px 14px;border:1px solid var(--l);border-radius:calc(var(--r)*.72);display:flex;flex-wrap:wrap;gap:10px;align-items:center;justify-content:space-between}
.card form{display:flex;flex-wrap:wrap;justify-content:end;gap:8px;width:100%}.card b{flex:1;font-size:14px}
.stars{display:flex;gap:4px}.stars label{position:relative;display:grid;cursor:pointer}.stars input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.stars svg{fill:none;stroke:var(--s);stroke-width:1.600;stroke-linejoin:round}.stars svg.on{fill:#c77700;stroke:#c77700}.stars input:focus-visible+svg{outline:3px solid var(--k);border-radius:4px}
.moved{padding:16px;border-top:1px solid var(--l);display:flex;gap:12px;align-items:center;justify-content:space-between}
.about{display:flex;gap:10px;align-items:center;padding-inline-start:10px;border-inline-start:3px solid var(--k)}.about span{flex:1;min-width:0}.about b{display:block;font-size:13px;color:var(--k)}.about small{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.composer{padding:8px 10px 10px;display:grid;gap:8px}
.bar{display:flex;align-items:flex-end;gap:2px;padding:3px;border:1px solid var(--f);border-radius:calc(var(--r)*.72)}
.bar:focus-within{border-color:var(--k);box-shadow:0 0 0 1px var(--k)}
.bar textarea{flex:1;min-width:0;min-height:36px;max-height:140px;padding:7px 4px;border:0;outline:0;resize:none;background:0 0;color:inherit}
.recording{align-items:center;padding-inline-start:12px}.recording span{flex:1}.pulse{width:10px;height:10px;border-radius:50%;background:#c8102e;margin-inline-end:8px;animation:sb 1s infinite alternate}
.panel input:not([type=radio],[type=checkbox]),.form textarea{width:100%;min-height:40px;padding:8px 12px;border:1px solid var(--f);border-radius:calc(var(--r)*.6);background:var(--g);color:inherit}
.panel ::placeholder{color:var(--s);opacity:1}
.panel [aria-invalid=true]{border-color:light-dark(#b3122a,#ff8b96)!important}
.upload{display:flex;gap:10px;align-items:center;padding:8px 10px;border:1px solid var(--l);border-radius:calc(var(--r)*.6)}.upload span{flex:1;min-width:0}.upload b{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:14px}
.upload small{display:block}progress{appearance:none;display:block;width:100%;height:4px;margin-top:4px;border:0;border-radius:2px;overflow:hidden;background:var(--l)}progress::-webkit-progress-bar{background:var(--l)}progress::-webkit-progress-value{background:var(--a)}progress::-moz-progress-bar{background:var(--a)}
.emoji{display:grid;grid-template-columns:repeat(9,1fr)}.emoji button{height:36px;text-align:center;font-size:20px;border-radius:8px}.emoji button:hover{background:var(--o)}
.menu{padding:4px 12px 8px;border-bottom:1px solid var(--l)}.menu .row{min-height:44px;margin:0}.menu p{padding:4px 8px}
.form,.continue{padding:16px 20px 20px;overflow:auto;display:grid;grid-template-columns:minmax(0,1fr);gap:14px}
.form label>span:first-child,legend{display:flex;justify-content:space-between;margin-bottom:5px;font-size:14px;font-weight:600;padding:0}.form label>span:first-child small{font-weight:400}
.form small.bad{display:flex;gap:6px;align-items:center;margin-top:6px}.form small.bad svg{width:16px;height:16px}.form h2{font-size:19px}.form h2+p{margin-top:-10px}
fieldset{margin:0;padding:0;border:0;display:grid;gap:8px}
.choice{display:flex;align-items:center;gap:12px;padding:10px 12px;border:1px solid var(--l);border-radius:calc(var(--r)*.6);cursor:pointer}.choice:has(:checked){background:color-mix(in srgb,var(--k) 5%,transparent);border-color:var(--k);box-shadow:inset 0 0 0 1px var(--k)}.choice span{flex:1}.choice small{display:block}
.choice input,.consent input{accent-color:var(--k);width:20px;height:20px;flex:none;margin:0}
.consent{display:flex;gap:10px}.consent span{margin:0!important;font-weight:400!important;font-size:14px}
.others{display:flex;align-items:center;gap:8px;padding-top:12px;border-top:1px solid var(--l);flex-wrap:wrap}.others span{flex:1 1 110px;font-size:13px;color:var(--s)}
.continue{justify-items:center;text-align:center}.continue .main{width:100%}.continue .others{width:100%;text-align:start}.time svg{width:15px;height:15px;vertical-align:-2px;margin-inline:6px 4px}.time .text{text-decoration:none!important}
.between{display:flex;align-items:center;gap:12px;width:100%;font-size:13px;color:var(--s)}.between::before,.between::after{content:"";flex:1;border-top:1px solid var(--l)}
.continue ul{width:100%;margin:0;padding:0;list-style:none;display:grid;gap:8px;text-align:start}.continue li{display:flex;gap:10px;align-items:center}.continue li svg{width:18px;height:18px;color:#17a55b}
.qr{width:212px;height:212px;border-radius:var(--r);border:1px solid var(--l)}
`;

const dressed = new WeakSet<ShadowRoot>();

/** Adds the sheet to the panel's root, once. */
export function dress(root: ShadowRoot): void {
  if (dressed.has(root)) return;
  dressed.add(root);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(chatStyle);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
