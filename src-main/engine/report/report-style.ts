/** @file How a report looks: on a screen, light or dark as the reader has it, and on paper. */

/** Grey tells everything that colour tells: verdicts have a sign and a word, curves an outline of their own. */
export const reportStyle = `
:root { color-scheme: light; --paper: #fff; --ink: #1a1a1a; --dim: #5c5c5c; --line: #d4d4d4; --well: #f3f3f3;
  --accepted: #17643a; --undecided: #7a5200; --rejected: #a3271d; --references: #3465a4; --impostors: #9a9a9a; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; --paper: #1b1b1c; --ink: #ececec; --dim: #a8a8a8; --line: #3d3d3f; --well: #262628;
  --accepted: #7fcf9f; --undecided: #e0b660; --rejected: #f09a8f; --references: #8ab4e8; --impostors: #77777a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 1080px; background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 36px 0 8px; font-size: 18px; }
h3 { margin: 20px 0 6px; font-size: 14px; }
p { margin: 6px 0; max-width: 76ch; }
.dim { color: var(--dim); }
.counts { display: flex; flex-wrap: wrap; gap: 28px; margin: 20px 0; padding: 0; list-style: none; }
.counts b { display: block; font-size: 30px; line-height: 1.1; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: 4px 0; text-align: left; color: var(--dim); }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
th { font-size: 12px; font-weight: 600; color: var(--dim); vertical-align: bottom; }
tbody th { min-width: 150px; font-weight: 400; font-size: inherit; color: inherit; overflow-wrap: anywhere; vertical-align: middle; }
.number { text-align: right; white-space: nowrap; } .number .note { white-space: nowrap; }
.picture { width: 84px; }
.picture img, .gone { display: block; width: 68px; height: 68px; object-fit: contain; background: var(--well); }
.gone { font-size: 11px; padding: 4px; color: var(--dim); }
.verdict { white-space: nowrap; font-weight: 600; }
.verdict svg { width: 14px; height: 14px; margin-right: 5px; vertical-align: -2px; fill: none; stroke: currentColor; stroke-width: 2; }
.accepted { color: var(--accepted); } .undecided { color: var(--undecided); } .rejected { color: var(--rejected); }
.note { display: block; font-size: 12px; font-weight: 400; color: var(--dim); white-space: normal; }
.chart { margin: 10px 0; } .chart svg { display: block; width: 100%; height: auto; }
figcaption, .chart text { font-size: 12px; } figcaption { color: var(--dim); }
.chart text { fill: var(--ink); font-family: inherit; } .chart .small { font-size: 11px; fill: var(--dim); }
.impostors { fill: var(--impostors); fill-opacity: .45; stroke: var(--impostors); stroke-dasharray: 3 2; }
.references { fill: var(--references); fill-opacity: .25; stroke: var(--references); stroke-width: 2; }
.ticks, .line { stroke: var(--ink); fill: none; } .grid { stroke: var(--line); }
.cut { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 6 3; }
.ring { fill: none; stroke: var(--dim); } .mean { fill: var(--ink); } .interval { stroke: var(--ink); stroke-width: 1.5; }
.matrix { display: block; width: 100%; image-rendering: pixelated; border: 1px solid var(--line); }
.ramp { width: 200px; height: 12px; vertical-align: -2px; border: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; margin: 8px 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; } details table { font-size: 12px; } .wide { overflow-x: auto; }
ul.plain { padding-left: 18px; max-width: 76ch; }
@page { margin: 14mm 12mm; }
@media print { body { padding: 0; max-width: none; font-size: 11px; } .note, th, figcaption { font-size: 9.5px; } details:not([open]) { display: none; } .wide { overflow: visible; }
  h2, h3 { break-after: avoid; } tr, figure, .counts { break-inside: avoid; } thead { display: table-header-group; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
