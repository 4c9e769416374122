/** A quiet shop page behind the widget, in both themes. */
import type { PreviewTold } from "../../schema.ts";

const style = `:root{color-scheme:light;--wall:#ece5da;--wall2:#f6f1e8;--desk:#b18e6c;--desk2:#97744f;--clay:#cbb392;--clay2:#a98c69;--clay3:#7d6244;--ink:#40382f;--soft:#8b8073;--card:#fffdf9}
:root[data-theme=dark]{color-scheme:dark;--wall:#37332f;--wall2:#48423c;--desk:#3d2e22;--desk2:#2c2019;--clay:#a58f74;--clay2:#7d684f;--clay3:#4c3d2d;--ink:#efe9df;--soft:#a59c90;--card:#221f1c}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--wall);color:var(--ink)}
header{position:relative;z-index:1;display:flex;justify-content:space-between;align-items:center;padding:18px 28px;font-weight:600}
header i{display:block;width:44px;height:8px;border-radius:4px;background:var(--soft);opacity:.35}
header b{font:600 19px/1.2 Georgia,"Times New Roman",serif}
svg{position:fixed;inset:0;width:100%;height:100%}
.wall{fill:url(#wall)}.desk{fill:url(#desk)}.cup{fill:url(#cup)}.rim{fill:var(--clay3)}.line{fill:none;stroke:url(#cup);stroke-width:26}.shade{fill:#000;opacity:.18}
.stem{fill:none;stroke:var(--clay2);stroke-width:3}.leaf{fill:var(--clay2);opacity:.75}.vase{fill:var(--clay3);opacity:.7}`;

const picture = `<svg viewBox="0 0 960 700" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">
<defs>
<linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="var(--wall2)"/><stop offset="1" stop-color="var(--wall)"/></linearGradient>
<linearGradient id="desk" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="var(--desk)"/><stop offset="1" stop-color="var(--desk2)"/></linearGradient>
<linearGradient id="cup" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="var(--clay2)"/><stop offset=".35" stop-color="var(--clay)"/><stop offset="1" stop-color="var(--clay3)"/></linearGradient>
</defs>
<path class="wall" d="M0 0h960v540H0z"/><path class="desk" d="M0 530h960v170H0z"/>
<path class="vase" d="M866 250h52c-3 60 26 86 26 150 0 60-14 110-26 136h-52c-12-26-26-76-26-136 0-64 29-90 26-150z"/>
<path class="stem" d="M890 252c-4-70-26-120-56-160M894 252c2-80 20-130 44-176"/>
<path class="leaf" d="M834 92c-22-2-34-18-34-40 22 4 36 18 34 40zM852 136c-24 6-44-2-56-22 24-8 46 0 56 22zM938 76c-4-24 6-42 26-52 6 24-4 44-26 52zM924 124c4-22 20-34 42-34-4 24-20 36-42 34z"/>
<ellipse class="shade" cx="660" cy="600" rx="190" ry="22"/>
<path class="line" d="M792 372c74-30 116 10 98 72-16 56-66 78-116 74"/>
<path class="cup" d="M506 300h300c4 110-8 200-40 272-18 36-202 36-220 0-32-72-44-162-40-272z"/>
<ellipse class="cup" cx="656" cy="300" rx="150" ry="34"/><ellipse class="rim" cx="656" cy="304" rx="134" ry="26"/>
</svg>`;

/** Drawn once; the theme is an attribute, the name may change. */
export function drawScene({ config }: PreviewTold): void {
  const drawn = document.querySelector("header b");
  if (drawn) drawn.textContent = config.name;
  else {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    const header = document.createElement("header");
    const name = document.createElement("b");
    name.textContent = config.name;
    header.append(name, document.createElement("i"));
    document.body.innerHTML = picture;
    document.body.prepend(header);
  }
}
