using Mesh.Client.Health;
using Mesh.Client.Model;
using Quickstart.Measuring;
using Quickstart.Orders;

namespace Quickstart.Story;

/// <summary>A broken instance is well again. A probe must find out, and the traffic must come back.</summary>
internal sealed class HealOne(string victim) : IStep
{
    private TimeSpan _healed;
    private double _share;
    private double _fair;
    private BreakerChange? _closed;

    public string Title => $"{victim} is healed";

    public async Task RunAsync(Scene scene)
    {
        MeshEndpoint endpoint = scene.Orders[victim].Endpoint;
        _healed = scene.Clock.Now;
        scene.Orders[victim].Condition = Condition.Healthy;
        await scene.HoldUntilAsync(() => scene.Log.FirstChange(endpoint, BreakerState.Closed, after: _healed) is not null, atMostSeconds: 6);
        _closed = scene.Log.FirstChange(endpoint, BreakerState.Closed, after: _healed);
        _fair = scene.FairShare;
        _share = (await scene.HoldAsync(seconds: 3)).Share(victim);
    }

    public IEnumerable<Claim> Judge(Scene scene)
    {
        double seconds = _closed is null ? double.NaN : (_closed.At - _healed).TotalSeconds;
        yield return new Claim(
            "healed.came_back",
            $"The healed {victim} came back to at least half of a fair share",
            _closed is not null && _share > _fair / 2,
            _closed is null ? "never" : $"after {seconds:0.0} s; then {_share:P0} of the calls; fair were {_fair:P0}",
            ("seconds", seconds),
            ("share_of_fair", _share / _fair));
    }
}
