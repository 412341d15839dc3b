using Mesh.Client.Health;
using Mesh.Client.Model;
using Quickstart.Measuring;

namespace Quickstart.Story;

/// <summary>
/// The policy changes while the program runs: whoever takes longer than 0.2 s for most calls is ejected from now on. By the old one, which
/// said 5 s, the slow instance only got fewer calls.
/// </summary>
internal sealed class ChangePolicy(string slow) : IStep
{
    private TimeSpan _changed;
    private BreakerChange? _ejected;
    private CallWindow? _before;
    private CallWindow? _after;

    public string Title => "appsettings.json is edited: SlowCallDuration 5 s becomes 0.2 s";

    public async Task RunAsync(Scene scene)
    {
        MeshEndpoint endpoint = scene.Orders[slow].Endpoint;
        _changed = scene.Clock.Now;
        _before = scene.Calls.Between(_changed - TimeSpan.FromSeconds(3), _changed);
        scene.Policy.SetForOrders("CircuitBreaker", "SlowCallDuration", "00:00:00.200");
        await scene.HoldUntilAsync(() => scene.Log.FirstChange(endpoint, BreakerState.Open, after: _changed) is not null, atMostSeconds: 6);
        _ejected = scene.Log.FirstChange(endpoint, BreakerState.Open, after: _changed);

        // What was under way there ends first.
        await scene.HoldAsync(seconds: 0.5);
        _after = await scene.HoldAsync(seconds: 2.5);
    }

    public IEnumerable<Claim> Judge(Scene scene)
    {
        double seconds = _ejected is null ? double.NaN : (_ejected.At - _changed).TotalSeconds;
        double before = _before!.Share(slow);
        double after = _after!.Share(slow);
        yield return new Claim(
            "policy.in_force",
            $"The edited policy took effect: it ejects {slow} as too slow",
            _ejected is { Reason: "SlowCallRatio" } && after < before / 3,
            _ejected is null ? "never" : $"after {seconds:0.0} s ({_ejected.Reason}); p99 {Milliseconds(_before)} before, {Milliseconds(_after)} now",
            ("seconds", seconds),
            ("share_before", before),
            ("share_after", after));
    }

    private static string Milliseconds(CallWindow calls) => $"{calls.Percentile(0.99).TotalMilliseconds:0} ms";
}
