using StackExchange.Redis;

namespace Mesh.IntegrationTests.Redis;

/// <summary>A multiplexer that belongs to the application.</summary>
internal sealed class ConnectionMultiplexerOwner(string address) : IAsyncDisposable
{
    public ConnectionMultiplexer Multiplexer { get; } = ConnectionMultiplexer.Connect(address);

    public async ValueTask DisposeAsync() => await Multiplexer.CloseAsync();
}
