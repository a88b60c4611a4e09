/// The script of an HTML page, and the policy that lets nothing else run. The page is complete
/// without it: it adds tooltips, sorting, copying, and open details in print.
package enum PageScript {
  /// The Content-Security-Policy of a page: no request leaves it, and only `text` runs.
  static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-\(hash)'; "
    + "base-uri 'none'; form-action 'none'"

  /// The SHA-256 of `text` in Base64. `PageScriptTests` says what it must be.
  package static let hash = "M5hEc2wJ3eTpTkcQd51x1YpLvI1SBfJ7sz3P60SwKJQ="

  package static let text = #"""

    'use strict';
    const all = (root, selector) => [...root.querySelectorAll(selector)];
    const make = (name, style, text) =>
      Object.assign(document.createElement(name), {className: style, textContent: text});

    // Marks show their titles at once, next to the pointer.
    const tip = make('div', 'tip', '');
    for (const title of all(document, 'svg * > title')) {
      title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
    document.addEventListener('pointermove', event => {
      const mark = event.target.closest('svg [data-tip]');
      if (!mark) return tip.remove();
      tip.textContent = mark.dataset.tip;
      document.body.append(tip);
      const place = (at, size, room) => Math.max(4, Math.min(at + 14, room - size - 4)) + 'px';
      tip.style.left = place(event.clientX, tip.offsetWidth, window.innerWidth);
      tip.style.top = place(event.clientY, tip.offsetHeight, window.innerHeight);
    });

    for (const table of all(document, 'main table')) {
      // Columns of numbers sort by number, with cells without a number last; others sort by text.
      const heads = all(table, 'thead th, thead td');
      const sort = (head, column) => {
        const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
        const text = row => row.cells[column] ? row.cells[column].textContent : '';
        const key = row =>
          head.className === 'n' ? parseFloat(text(row).replace(/[,+]/g, '')) : text(row);
        const rank = row => Number.isNaN(key(row)) ? 1 : 0;
        const order = (x, y) => x < y ? -sign : x > y ? sign : 0;
        for (const body of table.tBodies)
          body.append(...[...body.rows].sort((a, b) => rank(a) - rank(b) || order(key(a), key(b))));
      };
      if (!table.querySelector('tbody [colspan]')) heads.forEach((head, column) => {
        if (head.tagName !== 'TH') return;
        const button = make('button', '', '');
        button.append(...head.childNodes);
        button.onclick = () => sort(head, column);
        head.append(button);
      });
      // A text that a spreadsheet would take for a formula gets an apostrophe.
      const csv = cell => '"' + cell.textContent.replace(/"/g, '""')
        .replace(/^[=+@-](?=.*[^0-9.e+-])/, "'$&") + '"';
      const copy = make('button', 'copy', 'Copy as CSV');
      copy.onclick = async () => {
        const rows = [...table.rows].map(row => [...row.cells].map(csv).join(','));
        await navigator.clipboard.writeText(rows.join('\n') + '\n');
        copy.textContent = 'Copied';
      };
      table.parentNode.after(copy);
    }

    // A closed part is printed too.
    const parts = all(document, 'details:not([open])');
    addEventListener('beforeprint', () => parts.forEach(part => { part.open = true; }));
    addEventListener('afterprint', () => parts.forEach(part => { part.open = false; }));

    """#
}
