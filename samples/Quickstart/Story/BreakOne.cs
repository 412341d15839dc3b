using Mesh.Client.Health;
using Mesh.Client.Model;
using Quickstart.Measuring;
using Quickstart.Orders;

namespace Quickstart.Story;

/// <summary>An instance answers every request with an error.</summary>
internal sealed class BreakOne(string victim) : IStep
{
    private TimeSpan _broken;

    public string Title => $"{victim} answers 503";

    public async Task RunAsync(Scene scene)
    {
        _broken = scene.Clock.Now;
        scene.Orders[victim].Condition = Condition.Broken;
        await scene.HoldAsync(seconds: 2.5);
    }

    public IEnumerable<Claim> Judge(Scene scene)
    {
        MeshEndpoint endpoint = scene.Orders[victim].Endpoint;
        BreakerChange? ejected = scene.Log.FirstChange(endpoint, BreakerState.Open, after: _broken);
        double seconds = ejected is null ? double.NaN : (ejected.At - _broken).TotalSeconds;
        yield return new Claim(
            "broken.ejected",
            $"The broken {victim} was ejected within a second",
            seconds < 1,
            ejected is null ? "never" : $"after {seconds:0.00} s ({ejected.Reason})",
            ("seconds", seconds));
    }
}
