// The style sheet of the page: light, dark and print by variables, one column that fits a phone.

/** CSS. */
export const STYLE = `
:root{--page:#fff;--panel:#f6f7f9;--ink:#16181d;--soft:#555b66;--faint:#b9bec8;--rule:#e3e6eb;--accent:#0b5cad;--good:#00755a;--warn:#a34700;
--hue-0:#0072b2;--hue-1:#c9510c;--hue-2:#00875f;--hue-3:#b3568f;--hue-4:#b87800;--hue-5:#3b93cc;--hue-6:#3d4049;color-scheme:light}
@media screen and (prefers-color-scheme:dark){:root{--page:#14161a;--panel:#1c1f25;--ink:#e9ebef;--soft:#a3a9b5;--faint:#565c68;--rule:#2b2f37;--accent:#7cb8f5;--good:#4cc9a4;--warn:#f0a060;
--hue-0:#5aaee8;--hue-1:#f0884a;--hue-2:#2fc495;--hue-3:#dd94c0;--hue-4:#e9b23c;--hue-5:#8fd0f5;--hue-6:#c9ccd4;color-scheme:dark}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif}
main,header,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h1,h2,h3{line-height:1.2;text-wrap:balance}
h2{font-size:1.35rem;margin:0 0 .25rem;letter-spacing:-.01em}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.5rem;z-index:9}
.top{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;align-items:baseline;padding:1.4rem 0 .9rem;border-bottom:1px solid var(--rule);color:var(--soft);font-size:.875rem}
.top b{color:var(--ink);font-size:1rem}
.top .state::before{content:"";display:inline-block;width:.55em;height:.55em;border-radius:50%;background:var(--good);margin-right:.4em}
.top .state.running::before{background:var(--hue-4)}.top .state.cancelled::before{background:var(--warn)}
.answer{padding:1.6rem 0 1.2rem}
.answer h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.2rem);letter-spacing:-.022em;margin:0 0 .6rem;max-width:32ch}
.answer h1::first-letter{text-transform:uppercase}
.answer .sure{font-size:1.05rem;max-width:68ch;margin:0 0 .4rem}
.answer .remark{color:var(--soft);font-size:.93rem;max-width:72ch}
.figures{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1px;background:var(--rule);border:1px solid var(--rule);border-radius:.5rem;overflow:hidden;margin:1.2rem 0}
.figures>div{background:var(--page);padding:.8rem 1rem}
.figures dt{color:var(--soft);font-size:.8rem}.figures dd{margin:0}
.figures .value{font-size:1.55rem;font-weight:600;letter-spacing:-.02em;font-variant-numeric:tabular-nums;line-height:1.3}
.figures .what{font-size:.875rem;overflow-wrap:anywhere}
.small{color:var(--soft);font-size:.875rem;max-width:80ch}
.duel{font-size:.9rem;margin:.6rem 0 .4rem}
.duel .line{display:grid;gap:.1rem 1.2rem;grid-template-columns:minmax(0,20rem) minmax(0,1fr) 10.5rem;align-items:center;padding:.1rem 0}
.duel .line>*{min-width:0}
.duel .track{position:relative;height:2rem}
.duel .track::before{content:"";position:absolute;left:0;right:0;top:50%;border-top:1px solid var(--rule)}
.duel .zero{position:absolute;top:0;bottom:0;border-left:1.5px solid var(--soft)}
.duel .span{position:absolute;top:calc(50% - 2px);height:4px;border-radius:2px;opacity:.55}
.duel .cap{position:absolute;top:calc(50% - 6px);height:12px;width:2px;margin-left:-1px}
.duel .mean{position:absolute;top:calc(50% - 6px);width:12px;height:12px;margin-left:-6px;border-radius:50%;border:2px solid var(--page)}
.duel .numbers{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.duel .numbers span{color:var(--soft);display:block;font-size:.8rem;line-height:1.2}
.duel .head{color:var(--soft);font-size:.8rem}.duel .ends{display:flex;justify-content:space-between}
.duel .name b{font-weight:600}.duel .name span{color:var(--soft);font-size:.82rem;overflow-wrap:anywhere}
.key{display:inline-block;vertical-align:middle;margin-right:.45em;flex:none}
nav.parts{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.9rem;padding:.6rem 0}
.filters{position:sticky;top:0;z-index:5;background:var(--page);border-bottom:1px solid var(--rule);border-top:1px solid var(--rule);padding:.5rem 0;margin:.5rem 0 0}
.filters form{display:flex;flex-wrap:wrap;gap:.4rem .5rem;align-items:center;font-size:.84rem}
.filters label.chip{display:inline-flex;align-items:center;border:1px solid var(--rule);border-radius:1rem;padding:.12rem .65rem .12rem .5rem;cursor:pointer;background:var(--page)}
.filters label.chip:has(:checked){background:var(--panel);border-color:var(--faint)}
.filters label.chip:not(:has(:checked)){color:var(--soft);text-decoration:line-through}
.filters label.chip:has(:focus-visible){outline:2px solid var(--accent);outline-offset:1px}
.filters .chip input{position:absolute;opacity:0;width:1px;height:1px}
.filters select,.filters input[type=search],.filters button,.more{font:inherit;color:inherit;background:var(--page);border:1px solid var(--faint);border-radius:.35rem;padding:.2rem .5rem;min-height:1.9rem}
.filters input[type=search]{width:8rem}
.filters button,.more{cursor:pointer}
.filters output{color:var(--soft);margin-left:auto}
section{padding:2.2rem 0 .4rem;border-bottom:1px solid var(--rule)}
section>.lead{color:var(--soft);margin:.2rem 0 1rem;max-width:76ch}
.plot{position:relative;min-width:0;overflow:hidden}.plot svg{max-width:100%;height:auto;display:block}
.plot svg text{font-family:inherit}
.live svg{max-width:none}
.note{color:var(--soft);font-size:.875rem;margin:.3rem 0 1rem;max-width:80ch}
.readout{min-height:1.6em;font-size:.9rem;margin:.1rem 0}
.maps{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1rem 2rem}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.38rem .6rem;border-bottom:1px solid var(--rule);vertical-align:top}
th{color:var(--soft);font-weight:500;font-size:.82rem;white-space:nowrap}
th:first-child,td:first-child{padding-left:0}td:last-child,th:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}
.setting{min-width:9rem;width:34%}
tr.best td{font-weight:600}
.spread{position:relative;display:block;height:1.3rem;min-width:9rem}
.spread i{position:absolute;top:.6rem;height:3px;background:var(--faint);border-radius:2px}
.spread b{position:absolute;top:.3rem;width:3px;height:.75rem;margin-left:-1px;background:var(--ink);border-radius:1px}
.trials,.who{white-space:nowrap}
#trial h2{margin-top:2rem}
.tag{display:inline-block;border-radius:.25rem;padding:0 .4rem;font-size:.8rem;background:var(--panel);color:var(--soft);white-space:nowrap}
.tag.failed,.tag.diverged{color:var(--warn)}.tag.completed{color:var(--good)}
.tree{font-size:.82rem;margin:.5rem 0}
.tree .row{display:grid;grid-template-columns:minmax(6rem,16rem) 1fr 5rem;gap:.7rem;align-items:center;height:22px}
.tree .row>span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.tree .family{font-weight:600;margin-top:1rem}.tree .family small{font-weight:400;color:var(--soft);font-size:1em}
.tree .lane{position:relative;height:22px}
.tree .bar{position:absolute;top:50%;border-radius:2px;background:var(--hue-0)}
.tree .bar.shared{background:var(--ink)}
.tree .rail{position:absolute;width:1.5px;background:var(--soft);margin-left:-.75px}
.tree .ticks{color:var(--soft);font-size:.78rem}.tree .ticks .lane span{position:absolute;transform:translateX(-50%);top:2px}
.tree .n{text-align:right}
.tree .doubt{color:var(--warn)}
pre{background:var(--panel);padding:.8rem 1rem;border-radius:.4rem;overflow-x:auto;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:.5rem 0}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre.message{white-space:pre-wrap;overflow-wrap:anywhere;max-height:16rem;overflow-y:auto}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1.2rem;margin:.6rem 0;font-size:.93rem}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.85rem;padding-top:1.2rem;padding-bottom:2.5rem}
[hidden]{display:none!important}
@media (max-width:40rem){
main,header,footer{padding:0 1rem}
.figures{grid-template-columns:1fr}
.figures>div{display:grid;grid-template-columns:7.5rem 1fr;gap:0 .8rem;align-items:baseline;padding:.55rem .8rem}.figures dt{grid-row:1/3}.figures .value{font-size:1.25rem}
.duel .line{grid-template-columns:minmax(0,1fr) max-content}.duel .track,.duel .ends{grid-column:1/3;grid-row:2}.duel .track{height:1.4rem;margin-bottom:.4rem}
.duel .head .name,.duel .head .numbers{display:none}
.filters{position:static}.filters output{margin-left:0;width:100%}
.wide{display:none}
th,td{padding:.38rem .35rem}table{font-size:.84rem}.setting{min-width:7rem}
.tree .row{grid-template-columns:5.5rem 1fr 3.6rem;gap:.4rem}
dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{
@page{margin:14mm}
.trials{display:none}
table{font-size:8.5pt}th{white-space:normal}th,td{padding:.25rem .4rem}.setting{min-width:0}.spread{min-width:6rem}
body{font-size:10.5pt}
main,header,footer{max-width:none;padding:0}
.filters,nav.parts,.skip,.readout,.more,.screen{display:none!important}
section{break-inside:auto;padding-top:1.2rem}
h2,h3{break-after:avoid}
.plot,.duel,.figures,tr,.tree .row{break-inside:avoid}
.tree .bar,.duel .mean,.duel .span,.duel .cap,.spread i,.spread b,.key{-webkit-print-color-adjust:exact;print-color-adjust:exact}
a{color:inherit;text-decoration:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
.scroll{overflow:visible}
}
`;
