/// The style sheet of an HTML page, after that of its charts, which has the colors.
enum PageStyle {
  static let css = """
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main,nav{max-width:60rem;margin:0 auto;padding:0 1rem}
    main{padding-bottom:4rem}
    h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}
    h1{margin:1.5rem 0 .5rem}
    h2{margin:2.2rem 0 .5rem;border-top:1px solid var(--grid);padding-top:1rem}
    p,li,figcaption{max-width:46rem;overflow-wrap:anywhere}
    a{color:var(--c1)}
    a:focus-visible,summary:focus-visible,button:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--c1);outline-offset:2px}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
    nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:0;padding:1rem 0}
    code,pre,.d{font:.9em/1.4 ui-monospace,monospace}
    code{unicode-bidi:isolate}
    pre{overflow-x:auto;padding:.7rem;border:1px solid var(--grid)}
    .warnings{border-left:5px solid var(--alarm);padding:.1rem 1rem;margin:1rem 0;color:var(--alarm);font-weight:600}
    .group p{margin:.25rem 0}
    .fields{list-style:none;padding:0}
    .fields li{margin:.35rem 0}
    .scroll,.chart{overflow-x:auto}
    table{border-collapse:collapse;margin:.6rem 0;font-size:.88rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--c0);padding-bottom:.3rem}
    th,td{padding:.2rem .7rem;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top}
    thead th,thead td{border-bottom:2px solid var(--c0);vertical-align:bottom}
    tbody th{font-weight:400}
    tbody+tbody{border-top:2px solid var(--c0)}
    .n{text-align:right;white-space:nowrap}
    .d{white-space:pre}
    td strong{color:var(--alarm)}
    figure{margin:1.5rem 0}
    figcaption strong{display:block}
    .chart svg{display:block;max-width:100%;min-width:34rem;height:auto}
    summary{cursor:pointer;color:var(--c1)}
    button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
    th button{font-weight:600;text-align:inherit}
    th[aria-sort=ascending] button::after{content:" \\2191"}
    th[aria-sort=descending] button::after{content:" \\2193"}
    .copy{color:var(--c1);font-size:.88rem;text-decoration:underline}
    .tip{position:fixed;z-index:1;max-width:22rem;padding:.3rem .5rem;background:var(--ink);color:var(--paper);font-size:.85rem;pointer-events:none;overflow-wrap:anywhere}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    @media print{
    body{font-size:10pt}
    nav,.skip,.copy,.tip,figure details{display:none}
    main{max-width:none;padding:0}
    .scroll,.chart,pre{overflow:visible}
    .chart svg{min-width:0}
    .chart,figcaption,tr{break-inside:avoid}
    h1,h2,h3,figcaption,caption,summary{break-after:avoid}
    thead{display:table-header-group}
    details::details-content{content-visibility:visible;display:block;block-size:auto}
    }
    """
}
