/** The part of the sheet that a chat, a form and the way into a messenger need. */
export const chatStyle = `
.thin{padding:4px;background:var(--o);color:var(--s);font-size:12px;text-align:center}
.log{flex:1;min-height:240px;overflow-y:auto;overscroll-behavior:contain;padding:16px 12px;display:flex;flex-direction:column;gap:10px;outline-offset:-3px!important}
.day{align-self:center;font-size:12px;color:var(--s)}
.quiet{align-self:center;font-size:13px;color:var(--k)!important;padding:6px 12px!important}
.msg{display:flex;gap:8px;max-width:86%;align-items:flex-end}.msg.joined{margin-top:-6px}
.msg.mine{align-self:flex-end;flex-direction:column;gap:2px}.msg.mine .body{align-items:flex-end}
.body{display:flex;flex-direction:column;gap:4px;align-items:flex-start;min-width:0}
.bubble{padding:9px 13px;border-radius:calc(var(--r)*.72);background:var(--o);overflow-wrap:anywhere}.said{white-space:pre-wrap}
.mine .bubble{background:var(--a);color:var(--on)}.bubble.soft{color:var(--s);background:0 0;border:1px dashed var(--l)}
blockquote{margin:0 0 6px;padding-inline-start:8px;border-inline-start:3px solid;opacity:.85;font-size:13px}blockquote b{display:block}
.msg small{font-size:12px}.msg.mine>small{align-self:flex-end}
.photo img{display:block;max-width:240px;max-height:260px;width:auto;height:auto;border-radius:calc(var(--r)*.72);background:var(--o)}
audio,video{max-width:250px;border-radius:calc(var(--r)*.6)}video{height:auto}
.file{display:flex;gap:10px;align-items:center;padding:10px 12px;border:1px solid var(--l);border-radius:calc(var(--r)*.72)}.file span>*{display:block;overflow-wrap:anywhere}
.answers{display:flex;flex-wrap:wrap;gap:8px}.pill{min-height:34px;padding:6px 14px!important;border:1px solid var(--k)!important;border-radius:20px;color:var(--k)!important;font-weight:600}
.dots{display:flex;gap:5px;align-items:center;min-height:40px}.dots i{width:7px;height:7px;border-radius:50%;background:var(--s);animation:sb 1s infinite alternate}.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes sb{to{opacity:.25}}
.card{padding:14px;border:1px solid var(--l);border-radius:calc(var(--r)*.72);display:grid;gap:10px}
.card form{display:flex;gap:8px}
.stars{display:flex;gap:4px}.stars label{position:relative;display:grid;cursor:pointer}.stars input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.stars svg{fill:none;stroke:var(--s);stroke-width:1.600;stroke-linejoin:round}.stars svg.on{fill:#c77700;stroke:#c77700}.stars input:focus-visible+svg{outline:3px solid var(--k);border-radius:4px}
.moved{padding:16px;border-top:1px solid var(--l);display:flex;gap:12px;align-items:center;justify-content:space-between}
.composer{padding:8px 10px 10px;display:grid;gap:8px}
.bar{display:flex;align-items:flex-end;gap:2px;padding:3px;border:1px solid var(--f);border-radius:calc(var(--r)*.72)}
.bar:focus-within{border-color:var(--k);box-shadow:0 0 0 1px var(--k)}
.bar textarea{flex:1;min-width:0;max-height:140px;padding:8px 4px;border:0;outline:0;resize:none;background:0 0;color:inherit}
.recording{align-items:center;padding-inline-start:12px}.recording span{flex:1}.pulse{width:10px;height:10px;border-radius:50%;background:#c8102e;margin-inline-end:8px;animation:sb 1s infinite alternate}
.face-button{font-size:20px}
.panel input:not([type=radio],[type=checkbox]),.form textarea{width:100%;min-height:40px;padding:8px 12px;border:1px solid var(--f);border-radius:calc(var(--r)*.6);background:var(--g);color:inherit}
.panel ::placeholder{color:var(--s);opacity:1}
.panel [aria-invalid=true]{border-color:light-dark(#b3122a,#ff8b96)!important}
.upload{display:flex;gap:10px;align-items:center;padding:8px 10px;border:1px solid var(--l);border-radius:calc(var(--r)*.6)}.upload span{flex:1;min-width:0}.upload b{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:14px}
progress{width:100%;height:4px;accent-color:var(--a)}
.emoji{display:grid;grid-template-columns:repeat(9,1fr)}.emoji button{height:36px;text-align:center;font-size:20px;border-radius:8px}.emoji button:hover{background:var(--o)}
.menu{padding:4px 8px;border:1px solid var(--l);border-radius:calc(var(--r)*.6)}.menu .row{min-height:44px;margin:0}
.form,.continue{padding:16px 20px 20px;overflow:auto;display:grid;gap:14px}
.form label>span:first-child,legend{display:block;margin-bottom:5px;font-size:14px;font-weight:600;padding:0}
fieldset{margin:0;padding:0;border:0;display:grid;gap:8px}
.choice{display:flex;align-items:center;gap:12px;padding:10px 12px;border:1px solid var(--l);border-radius:calc(var(--r)*.6);cursor:pointer}.choice:has(:checked){border-color:var(--k);box-shadow:inset 0 0 0 1px var(--k)}.choice span{flex:1}.choice small{display:block}
.choice input,.consent input{accent-color:var(--k);width:20px;height:20px;flex:none;margin:0}
.consent{display:flex;gap:10px}.consent span{margin:0!important;font-weight:400!important;font-size:14px}
.others{display:flex;align-items:center;gap:8px;padding-top:12px;border-top:1px solid var(--l)}.others span{flex:1;font-size:13px;color:var(--s)}
.continue{justify-items:center;text-align:center}.continue .main{width:100%}.continue .others{width:100%;justify-content:flex-end}.continue p svg{vertical-align:-4px;color:#17a55b}
.qr{width:200px;height:200px;border-radius:12px;border:1px solid var(--l)}
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
