/** The looks of the page (html-report.ts). */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { margin: 1.5rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0 0 .2rem; }
h2 { font-size: 1rem; margin: 1.6rem 0 .5rem; }
p.note { color: gray; margin: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid color-mix(in srgb, gray 30%, transparent); }
th button { all: unset; cursor: pointer; font-weight: 600; }
th button:focus-visible, tr[tabindex]:focus-visible { outline: 2px solid dodgerblue; }
th[aria-sort="ascending"] button::after { content: " ▲"; }
th[aria-sort="descending"] button::after { content: " ▼"; }
tr[tabindex] { cursor: pointer; }
tr[tabindex]:hover { background: color-mix(in srgb, gray 12%, transparent); }
.right { color: #16803c; } .wrong { color: #c02626; } .unknown { color: #a16207; }
form { display: flex; flex-wrap: wrap; gap: .6rem; margin: .6rem 0; }
svg { width: 100%; height: auto; }
svg text { fill: currentColor; font-size: 12px; }
dialog { width: min(72rem, 92vw); max-height: 88vh; overflow: auto; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .1rem 0 .6rem; padding: .4rem; background: color-mix(in srgb, gray 12%, transparent); }
.what { font-weight: 600; }
`;
