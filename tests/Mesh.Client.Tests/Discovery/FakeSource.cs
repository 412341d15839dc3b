using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Discovery;

/// <summary>A source that says what a test makes it say, and may behave badly.</summary>
internal sealed class FakeSource(string name) : IEndpointSource
{
    private readonly Channel<Func<EndpointUpdate?>> _talk = Channel.CreateUnbounded<Func<EndpointUpdate?>>();
    private int _starts;
    private int _watching;

    public string Name => name;

    /// <summary>What each watch does first: an answer, or a failure by throwing; nothing by default.</summary>
    public Func<EndpointUpdate>? First { get; set; }

    /// <summary>Ends each watch right after its first answer.</summary>
    public bool EndsAtOnce { get; set; }

    /// <summary>Throws from <c>WatchAsync</c> itself.</summary>
    public Exception? ThrowsAtCall { get; set; }

    /// <summary>Goes on after it was cancelled.</summary>
    public bool IgnoresCancellation { get; set; }

    /// <summary>Runs at each start.</summary>
    public Action? Started { get; set; }

    public int Starts => Volatile.Read(ref _starts);

    public int Watching => Volatile.Read(ref _watching);

    public string? ServiceName { get; private set; }

    public static EndpointUpdate Found(params int[] hosts) => EndpointUpdate.Found(new EndpointSet([.. hosts.Select(static h => new MeshEndpoint($"10.0.0.{h}", 80))]));

    /// <summary>The last parts of the hosts in an answer.</summary>
    public static int[] HostsOf(EndpointUpdate? update) =>
        update is EndpointsFound found ? [.. found.Set.Endpoints.Select(static e => int.Parse(e.Host.Split('.')[3], System.Globalization.CultureInfo.InvariantCulture))] : [];

    public void Say(EndpointUpdate update) => Assert.True(_talk.Writer.TryWrite(() => update));

    public void Fail(Exception error) => Assert.True(_talk.Writer.TryWrite(() => throw error));

    public void End() => Assert.True(_talk.Writer.TryWrite(static () => null));

    public IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, CancellationToken cancellationToken)
    {
        ServiceName = serviceName;
        Started?.Invoke();
        Interlocked.Increment(ref _starts);
        return ThrowsAtCall is null ? RunAsync(cancellationToken) : throw ThrowsAtCall;
    }

    private async IAsyncEnumerable<EndpointUpdate> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _watching);
        try
        {
            if (First is not null)
            {
                yield return First();
            }

            if (EndsAtOnce)
            {
                yield break;
            }

            ChannelReader<Func<EndpointUpdate?>> talk = _talk.Reader;
            while (await talk.ReadAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken) is { } next && next() is { } update)
            {
                yield return update;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watching);
        }
    }
}
