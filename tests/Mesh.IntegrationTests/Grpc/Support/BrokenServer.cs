using Mesh.IntegrationTests.Grpc.Peers;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>One breaker for the tests of a class, which name the fault in their calls.</summary>
public sealed class BrokenServer : IAsyncLifetime
{
    private Lazy<Task<GrpcPeer>>? _peer;

    public ValueTask InitializeAsync()
    {
        _peer = new(static () => GrpcPeer.StartBreakerAsync());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_peer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _peer.Value).DisposeAsync();
        }
    }

    internal Task<GrpcPeer> StartAsync() => _peer!.Value;
}
