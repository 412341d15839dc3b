using System.Globalization;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Services;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Models.Watcher;

/// <summary>A whole mesh on a manual clock beside a naive watcher.</summary>
internal sealed class WatcherMachine : IDisposable
{
    private const string Service = "orders";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    // The first restart of a source comes after 0.2 s, the slowest after 30 s and a little.
    private static readonly TimeSpan SoonestRestart = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LatestRestart = TimeSpan.FromSeconds(31);

    private readonly WatchedMesh _mesh = new(("Discovery:EmptyGrace", "00:00:30"));
    private readonly NaiveWatcher _model = new(Grace);
    private readonly TimeSpan _start;
    private TimeSpan _brokenAt;
    private bool _isBroken;

    public WatcherMachine() => _start = TimeSpan.FromTicks(_mesh.Clock.GetTimestamp());

    private TimeSpan Now => TimeSpan.FromTicks(_mesh.Clock.GetTimestamp()) - _start;

    public async Task RunAsync(IEnumerable<WatcherCommand> commands)
    {
        await _mesh.RegisterAsync(1, 2, 3);
        _model.Found([1, 2, 3]);
        foreach (WatcherCommand command in commands)
        {
            await DoAsync(command);
            await CompareAsync(command);
        }
    }

    public void Dispose() => _mesh.Dispose();

    private async Task DoAsync(WatcherCommand command)
    {
        switch (command.Verb)
        {
            case WatcherVerb.Break:
                _mesh.Registry.Fail(Service, new IOException("the registry is away"));
                _brokenAt = _isBroken ? _brokenAt : Now;
                _isBroken = true;
                await Until.HoldsAsync(() => _mesh.Registry.Watchers(Service) == 0);
                break;
            case WatcherVerb.FailEndpoint:
                await FailAsync(command.Number);
                break;
            case WatcherVerb.Advance:
                Advance(TimeSpan.FromSeconds(command.Number));
                break;
            default:
                Say(command);
                await HearAsync();
                Hear(command);
                break;
        }
    }

    private void Say(WatcherCommand command)
    {
        switch (command.Verb)
        {
            case WatcherVerb.Found:
                _mesh.Registry.Set(Service, [.. HostsOf(command.Number).Select(static h => string.Create(CultureInfo.InvariantCulture, $"10.0.0.{h}:80"))]);
                break;
            case WatcherVerb.NotFound:
                _mesh.Registry.Remove(Service);
                break;
            default:
                _mesh.Registry.SetEmpty(Service, confirmed: command.Verb is WatcherVerb.EmptyForSure);
                break;
        }
    }

    // A registry that was away is asked again after a while, and not before: until then the last word holds.
    private async Task HearAsync()
    {
        if (_isBroken)
        {
            await _mesh.Clock.SettleAsync();
            _model.At(Now);
            AssertSame("before the registry is asked again");
            await _mesh.Clock.AdvanceUntilAsync(() => _mesh.Registry.Watchers(Service) > 0, Step, LatestRestart, TestContext.Current.CancellationToken);
            Assert.True(Now - _brokenAt >= SoonestRestart, $"The registry is asked again after {Now - _brokenAt}.");
            _isBroken = false;
            PassTheEdge();
            _model.At(Now);
        }
    }

    private void Hear(WatcherCommand command)
    {
        switch (command.Verb)
        {
            case WatcherVerb.Found:
                _model.Found(HostsOf(command.Number));
                break;
            case WatcherVerb.EmptyForSure:
                _model.EmptyForSure();
                break;
            default:
                _model.Doubt(Now);
                break;
        }
    }

    private async Task FailAsync(int number)
    {
        EndpointNode[] nodes = _mesh.Nodes;
        if (nodes.Length > 0)
        {
            EndpointNode node = nodes[number % nodes.Length];
            _mesh.FailOnce(node);
            _model.Fail(int.Parse(node.Endpoint.Host.Split('.')[^1], CultureInfo.InvariantCulture));
            await Until.HoldsAsync(() => _mesh.Hosts.Length == _model.Hosts.Count);
        }
    }

    private void Advance(TimeSpan by)
    {
        _mesh.Clock.Advance(by);
        PassTheEdge();
        _model.At(Now);
    }

    // When the registry was heard again is known to a step only, and so is when a grace that began then ends.
    private void PassTheEdge()
    {
        while (_model.IsNearTheEdge(Now, Step * 3))
        {
            _mesh.Clock.Advance(Step);
        }
    }

    private async Task CompareAsync(WatcherCommand command)
    {
        await _mesh.Clock.SettleAsync();
        long start = TimeProvider.System.GetTimestamp();
        while (!IsSame() && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5))
        {
            await _mesh.Clock.SettleAsync();
        }

        AssertSame($"after {command}");
    }

    private bool IsSame() => _mesh.Hosts.SequenceEqual(Hosts()) && _mesh.Nodes.All(n => n.IsUnlisted == _model.IsDoubtful);

    private void AssertSame(string when) => Assert.True(
        IsSame(), $"{when}: the endpoints are {string.Join(", ", _mesh.Nodes.Select(static n => $"{n.Endpoint.Host}{(n.IsUnlisted ? "?" : "")}"))}, by the model {string.Join(", ", Hosts())}{(_model.IsDoubtful ? ", doubtful" : "")}.");

    private string[] Hosts() => [.. _model.Hosts.Select(static h => h.ToString(CultureInfo.InvariantCulture))];

    private static int[] HostsOf(int bits) => [.. Enumerable.Range(1, 4).Where(h => (bits & (1 << (h - 1))) != 0).DefaultIfEmpty(1)];
}
