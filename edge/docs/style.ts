/** The page's style sheet. It stands in the page; the Content-Security-Policy allows it by its hash, and nothing else. */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2024, #e6e8eb);
  --soft: light-dark(#5b6470, #a0a8b3);
  --line: light-dark(#dfe3e8, #30363d);
  --back: light-dark(#ffffff, #12161b);
  --raised: light-dark(#f5f7f9, #1a2028);
  --accent: light-dark(#0a5c8a, #6cc0f0);
  --get: light-dark(#0b6b3a, #57c98a);
  --post: light-dark(#0a5c8a, #6cc0f0);
  --patch: light-dark(#875100, #e0ac52);
  --delete: light-dark(#a32020, #ff8f87);
}
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body {
  margin: 0; display: grid; grid-template-columns: 16rem minmax(0, 1fr);
  font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--back);
}
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--back) }
.skip:focus { left: 0; z-index: 1 }
.side { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line) }
nav { font-size: .9rem }
nav ul { list-style: none; margin: 0; padding: 0 }
nav li { margin: .2rem 0 }
nav ul ul { margin: 0 0 .6rem; padding-left: .8rem }
nav a { text-decoration: none; display: block; padding: .1rem 0 }
nav a:hover { text-decoration: underline }
nav ul ul a { color: var(--soft) }
.top { display: none }
main { max-width: 56rem; padding: 1.5rem 2rem 6rem }
h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2 }
h1 small { color: var(--soft); font-weight: 400; font-size: 1rem }
h2 { margin: 3rem 0 .5rem; font-size: 1.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem }
h3 { margin: 2rem 0 .5rem; font-size: 1.1rem; overflow-wrap: anywhere }
h4 { margin: 1.2rem 0 .4rem; font-size: .95rem }
p { margin: .5rem 0 }
.note, small { color: var(--soft) }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em }
p code, td code, li code { overflow-wrap: anywhere }
pre { margin: .8rem 0; padding: .8rem 1rem; overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 6px }
pre code { font-size: .85rem }
article { border: 1px solid var(--line); border-radius: 8px; padding: .2rem 1.2rem 1rem; margin: 1.2rem 0 }
article h3 { margin-top: 1rem }
article:target, section > section:target { border-color: var(--accent) }
.method { display: inline-block; min-width: 4.2rem; font-size: .75rem; font-weight: 700; letter-spacing: .03em; color: var(--soft) }
.method.get { color: var(--get) } .method.post { color: var(--post) }
.method.patch, .method.event { color: var(--patch) } .method.delete { color: var(--delete) }
.path { font-weight: 600; font-size: 1rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: 500 }
td:first-child { white-space: nowrap } td:last-child { min-width: 14rem }
tr:target { background: var(--raised) }
.codes { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; color: var(--soft) }
summary { cursor: pointer; padding: .2rem 0 }
@media (max-width: 52rem) {
  body { display: block }
  .side { display: none }
  .top { display: block; position: sticky; top: 0; background: var(--back); border-bottom: 1px solid var(--line); padding: .4rem 1rem; max-height: 80vh; overflow-y: auto }
  html { scroll-padding-top: 3.5rem }
  main { padding: 1rem 1rem 4rem }
  article { padding: .2rem .8rem .8rem }
}
@media print {
  body { display: block; font-size: 11px }
  .side, .top, .skip { display: none }
  main { max-width: none; padding: 0 }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
  h2, h3, h4 { break-after: avoid } tr, pre { break-inside: avoid }
  details::details-content { content-visibility: visible; block-size: auto }
}
`
