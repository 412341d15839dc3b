using Quickstart.Orders;

namespace Quickstart.Story;

/// <summary>An instance takes ten times as long, without an error. The balancer must notice by the calls that pile up there.</summary>
internal sealed class SlowOneDown(string victim) : IStep
{
    private double _share;
    private double _fair;

    public string Title => $"{victim} becomes ten times slower";

    public async Task RunAsync(Scene scene)
    {
        scene.Orders[victim].Condition = Condition.Slow;
        await scene.HoldAsync(seconds: 1.5);
        _fair = scene.FairShare;
        _share = (await scene.HoldAsync(seconds: 3.5)).Share(victim);
    }

    public IEnumerable<Claim> Judge(Scene scene)
    {
        yield return new Claim(
            "slow.avoided",
            $"The slow {victim} got less than a third of a fair share",
            _share < _fair / 3,
            $"{_share:P1} of the calls; fair were {_fair:P0}",
            ("share", _share),
            ("share_of_fair", _share / _fair));
    }
}
