using Mesh.Client.Health;
using Mesh.Client.Model;
using Quickstart.Measuring;

namespace Quickstart.Story;

/// <summary>An instance crashes. The registry goes on listing it, so the mesh must find out by itself.</summary>
internal sealed class KillOne(string victim) : IStep
{
    private TimeSpan _killed;

    public string Title => $"{victim} is killed: connections cut, port closed, and still listed in the registry";

    public async Task RunAsync(Scene scene)
    {
        _killed = scene.Clock.Now;
        await scene.Orders[victim].KillAsync();
        await scene.HoldAsync(seconds: 4);
    }

    public IEnumerable<Claim> Judge(Scene scene)
    {
        MeshEndpoint endpoint = scene.Orders[victim].Endpoint;
        ILookup<bool, Dial> attempts = scene.Dials.To(endpoint.Port, since: _killed).ToLookup(dial => IsProbe(scene, endpoint, dial));
        BreakerChange? ejected = scene.Log.FirstChange(endpoint, BreakerState.Open, after: _killed);
        double seconds = ejected is null ? double.NaN : (attempts[false].Select(dial => dial.At).Append(ejected.At).Max() - _killed).TotalSeconds;
        int probes = attempts[true].Count();
        yield return new Claim(
            "killed.left",
            $"Traffic left the killed {victim} within a second",
            seconds < 1 && probes > 0,
            ejected is null ? "never" : $"after {seconds:0.000} s, then {probes} probes and nothing else",
            ("seconds", seconds),
            ("probes", probes));
    }

    // When its break time is over, one call is let through to see whether the endpoint is back.
    private static bool IsProbe(Scene scene, MeshEndpoint endpoint, Dial dial) =>
        scene.Log.LastChange(endpoint, before: dial.At)?.State is BreakerState.HalfOpen;
}
