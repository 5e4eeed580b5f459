package dev.metaprompt.report;

/** The frame of a page: head, style, body. Light or dark as the reader's system is; well-formed XML. */
final class Page {
    // Colours that are told apart with any colour vision: Okabe and Ito, "Color Universal Design", 2008.
    private static final String STYLE = """
            :root { color-scheme: light dark; --text: #1b1f24; --back: #ffffff; --faint: #e1e5ea; --soft: #59636e;
              --s0: #0072b2; --s1: #d55e00; --s2: #007a59; }
            @media (prefers-color-scheme: dark) {
              :root { --text: #e6edf3; --back: #0d1117; --faint: #2b3138; --soft: #9aa4ae;
                --s0: #56b4e9; --s1: #f0a030; --s2: #2bc49a; } }
            * { box-sizing: border-box; }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
              max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
            h2 { font-size: 1.2rem; margin: 3rem 0 .5rem; padding-top: .8rem; border-top: 1px solid var(--faint);
              overflow-wrap: anywhere; }
            h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
            p { max-width: 46rem; overflow-wrap: anywhere; } li { overflow-wrap: anywhere; }
            .figures { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.5rem 0; }
            .figures b { display: block; font-size: 2.2rem; line-height: 1.1; font-variant-numeric: tabular-nums; }
            .figures span, .soft, figcaption { color: var(--soft); } .soft { font-size: .9rem; }
            .error { border-left: 4px solid var(--s1); padding-left: .8rem; }
            .scroll { overflow-x: auto; margin: .8rem 0; }
            table { border-collapse: collapse; font-size: .9rem; }
            th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--faint);
              vertical-align: top; }
            th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
            th[scope=row] { color: var(--text); font-weight: 400; vertical-align: top; }
            th[scope=rowgroup] { padding-top: .8rem; } th[scope=colgroup] { text-align: center; white-space: nowrap; }
            td { max-width: 30rem; }
            th.mark { border-left: 6px solid var(--soft); padding-left: .5rem; font-weight: 600; }
            th.good { border-left-color: var(--s2); } th.bad { border-left-color: var(--s1); }
            .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .keys td, .keys th { overflow-wrap: anywhere; min-width: 8rem; }
            pre { background: var(--faint); padding: .6rem .8rem; border-radius: 4px; white-space: pre-wrap;
              overflow-wrap: anywhere; font-size: .85rem; }
            .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
              gap: .5rem 2rem; align-items: start; }
            svg { width: 100%; max-width: 480px; height: auto; display: block; margin: .8rem 0; }
            svg.map { max-width: 520px; }
            svg text { font: 12px system-ui, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
            svg .title { fill: var(--text); font-weight: 600; } svg .value { fill: var(--text); }
            svg polyline, svg line { fill: none; stroke-width: 2; }
            svg line.grid { stroke: var(--faint); stroke-width: 1; }
            svg line.zero { stroke: var(--soft); stroke-width: 1; }
            svg .frame { fill: none; stroke: var(--faint); }
            svg .s0 { stroke: var(--s0); } svg .s1 { stroke: var(--s1); stroke-dasharray: 8 3; }
            svg .s2 { stroke: var(--s2); stroke-dasharray: 2 3; }
            svg .dot.s0, svg .bar.s0, svg .band.s0, svg .cell { fill: var(--s0); }
            svg .dot.s1, svg .bar.s1, svg .band.s1 { fill: var(--s1); }
            svg .dot.s2, svg .bar.s2, svg .band.s2 { fill: var(--s2); }
            svg .band { stroke: none; fill-opacity: .18; } svg .bar, svg .dot { stroke: none; }
            svg line.whisker { stroke: var(--text); stroke-width: 1.5; }
            svg .count { fill: var(--soft); fill-opacity: .45; }
            .samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 1rem;
              margin: 1rem 0; }
            .samples figure { margin: 0; font-size: .85rem; line-height: 1.35; overflow-wrap: anywhere; }
            .samples img { width: 96px; height: 96px; object-fit: contain; object-position: left; display: block;
              margin-bottom: .4rem; }
            details { margin: 1rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
            a { color: var(--s0); }
            @media print {
              :root { color-scheme: light; --text: #000; --back: #fff; --faint: #ccc; --soft: #444;
                --s0: #0072b2; --s1: #d55e00; --s2: #007a59; }
              body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
              * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
              details::details-content { content-visibility: visible; display: block; height: auto; }
              .scroll { overflow: visible; } table { font-size: 7.5pt; }
              th, td { padding-right: .4rem; } .charts { grid-template-columns: 1fr 1fr; }
              svg, figure, tr, pre { break-inside: avoid; } h2, h3 { break-after: avoid; } }
            """;

    /** The browser runs nothing and fetches nothing, whatever a name in a run should smuggle in. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private Page() {}

    static String of(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\"/>\n"
                + "<link rel=\"icon\" href=\"data:,\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>"
                + Html.escape(title) + "</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n<main>\n" + body
                + "</main>\n</body>\n</html>\n";
    }
}
