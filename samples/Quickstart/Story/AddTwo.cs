using Quickstart.Measuring;
using Quickstart.Orders;

namespace Quickstart.Story;

/// <summary>Two more instances start and join the registry.</summary>
internal sealed class AddTwo : IStep
{
    private double _least;
    private double _fair;

    public string Title => "two more instances start";

    public async Task RunAsync(Scene scene)
    {
        IReadOnlyList<OrdersInstance> added = await scene.Orders.StartAsync(2);
        await scene.HoldAsync(seconds: 1);
        _fair = scene.FairShare;
        CallWindow calls = await scene.HoldAsync(seconds: 3);
        _least = added.Min(instance => calls.Share(instance.Name));
    }

    public IEnumerable<Claim> Judge(Scene scene)
    {
        yield return new Claim(
            "added.used",
            "Each of the two new ones got at least half of a fair share",
            _least > _fair / 2,
            $"{_least:P0} of the calls or more; fair were {_fair:P0}",
            ("share_of_fair", _least / _fair));
    }
}
