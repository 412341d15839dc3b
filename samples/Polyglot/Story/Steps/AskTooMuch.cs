using System.Net;
using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>A quota at the door: each agent of web lets a customer have two pages a second, and 20 at once. Who asks for more is told so, and nobody else notices.</summary>
internal sealed class AskTooMuch : IStep
{
    private const int Pages = 200;
    private const int AtOnce = 16;
    private const int Instances = 2;
    private const int PerSecond = 2;
    private const int Burst = 20;

    public string Title => $"a customer wants {Pages} pages at once; each agent of web lets it have {Burst}, and then {PerSecond} a second";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web)
    {
        TimeSpan began = scene.Clock.Now;
        int left = Pages;
        (HttpStatusCode Status, bool SaysWhen)[][] parts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AskAsync()));
        TimeSpan took = scene.Clock.Now - began;
        (HttpStatusCode Status, bool SaysWhen)[] answers = [.. parts.SelectMany(p => p)];
        int served = answers.Count(a => a.Status is HttpStatusCode.OK);
        int refused = answers.Count(a => a is { Status: HttpStatusCode.TooManyRequests, SaysWhen: true });
        double most = Instances * (Burst + (PerSecond * took.TotalSeconds));
        int others = scene.Calls.Since(began).Failed;
        return
        [
            new Claim(
                "The quota held for who asked too much, and for nobody else",
                served > 0 && refused > 0 && served + refused == Pages && served <= most && others == 0,
                $"{served} of {Pages} pages in {took.TotalSeconds:0.0} s (at most {most:0}), {refused} times 429 with Retry-After; {others} pages of others failed"),
        ];

        async Task<(HttpStatusCode, bool)[]> AskAsync()
        {
            var seen = new List<(HttpStatusCode, bool)>();
            while (Interlocked.Decrement(ref left) is >= 0 and int id)
            {
                seen.Add(await web.TryAsync(id, "greedy"));
            }

            return [.. seen];
        }
    }
}
