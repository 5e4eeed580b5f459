package dev.metaprompt.report;

/** The frame of a page: head, style, body. Light or dark as the reader's system is. */
final class Page {
    private static final String STYLE = """
            :root { color-scheme: light dark; --text: #1b1f24; --back: #ffffff; --faint: #d8dee4; --soft: #59636e;
              --s0: #0550ae; --s1: #bc4c00; --s2: #1a7f37; }
            @media (prefers-color-scheme: dark) {
              :root { --text: #e6edf3; --back: #0d1117; --faint: #30363d; --soft: #9198a1;
                --s0: #79c0ff; --s1: #ffa657; --s2: #7ee787; } }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
              max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
            .figures { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.5rem 0; }
            .figures b { display: block; font-size: 2.2rem; line-height: 1.1; font-variant-numeric: tabular-nums; }
            .figures span, .soft { color: var(--soft); }
            .error { border-left: 4px solid var(--s1); padding-left: .8rem; overflow-wrap: anywhere; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-size: .92rem; }
            th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--faint);
              vertical-align: top; overflow-wrap: break-word; }
            th { color: var(--soft); font-weight: 600; }
            .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            svg { width: 100%; max-width: 640px; height: auto; display: block; margin: 1rem 0; }
            svg.bars { max-width: 720px; }
            svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
            svg .grid { stroke: var(--faint); stroke-width: 1; }
            svg polyline, svg line { fill: none; stroke-width: 2; }
            svg .s0 { stroke: var(--s0); } svg .s1 { stroke: var(--s1); stroke-dasharray: 8 3; }
            svg .s2 { stroke: var(--s2); stroke-dasharray: 2 3; } svg .dot { fill: currentColor; }
            svg .band { stroke: none; fill-opacity: .15; } svg .band.s0 { fill: var(--s0); }
            svg .band.s1 { fill: var(--s1); } svg .band.s2 { fill: var(--s2); }
            svg .bar { stroke: none; } svg .bar.s0 { fill: var(--s0); } svg .bar.s1 { fill: var(--s1); fill-opacity: .75; }
            svg .bar.s2 { fill: var(--s2); fill-opacity: .55; } svg .whisker { stroke: var(--text); stroke-width: 1.5; }
            svg .value { fill: var(--text); font-weight: 600; } svg .cell { fill: var(--s0); }
            .samples { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
            .samples figure { margin: 0; width: 9.5rem; font-size: .85rem; overflow-wrap: anywhere; }
            .samples img { width: 96px; height: 96px; object-fit: cover; display: block; margin-bottom: .3rem; }
            details { margin: 1rem 0; } summary { cursor: pointer; color: var(--soft); }
            a { color: var(--s0); }
            @media print { body { max-width: none; margin: 0; font-size: 11pt; } details > * { display: block; }
              svg, figure, tr { break-inside: avoid; } h2 { break-after: avoid; } }
            """;

    private Page() {}

    static String of(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
                + Html.escape(title) + "</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n" + body
                + "</body>\n</html>\n";
    }
}
