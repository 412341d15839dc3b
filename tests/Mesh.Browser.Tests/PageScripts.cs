namespace Mesh.Browser.Tests;

/// <summary>What is looked at from within the page.</summary>
internal static class PageScripts
{
    /// <summary>The texts whose contrast with what is behind them is too low: 4.5 to 1, or 3 to 1 where they are large (WCAG 2.2, 1.4.3).</summary>
    public const string Contrast = """
        () => {
          const parse = text => (text.match(/[\d.]+/g) ?? []).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const color = parse(getComputedStyle(e).backgroundColor);
              if (color.length === 3 || color[3] === 1) return color;
            }
            return [255, 255, 255];
          };
          const low = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            const style = getComputedStyle(element);
            if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest('.sr, .skip, option, noscript')) continue;
            const [a, b] = [light(parse(style.color)), light(behind(element))].sort((x, y) => y - x);
            const size = parseFloat(style.fontSize);
            const need = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
            if ((a + 0.05) / (b + 0.05) < need) low.push(`${walker.currentNode.textContent.trim()}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
          }
          return low;
        }
        """;
}
