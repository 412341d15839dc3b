using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>A canary by a header: the customers' agent takes requests with <c>x-tester</c> into the lane <c>canary</c>, and those of web send that lane to the new version of orders.</summary>
internal sealed class SendTesters : IStep
{
    private const string Lane = "canary";
    private const int Enough = 10;

    public string Title => "one customer has x-tester: 1, which is the lane canary, in which orders v2 is called";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web)
    {
        await scene.UntilAsync(() => scene.Calls.Since(TimeSpan.Zero).Testers.Count >= Enough);
        CallWindow calls = scene.Calls.Since(TimeSpan.Zero);
        int canary = calls.Testers.Count(p => p.IsFrom("orders-2") && p.IsWholeIn(Lane));
        int strays = calls.Others.Count(p => !p.IsWholeIn(""));
        return
        [
            new Claim(
                "The header led to the canary, and its lane through all four programs",
                canary == calls.Testers.Count && canary >= Enough && strays == 0,
                $"{canary} of {calls.Testers.Count} pages of the tester by orders-2 with the lane seen in Node, Python and gRPC; of {calls.Others.Count} others {strays} in a lane"),
        ];
    }
}
