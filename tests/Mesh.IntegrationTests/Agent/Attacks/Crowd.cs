using Mesh.IntegrationTests.Agent.Smuggling;

namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>Many connections that are slow or say nothing at all.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly List<RawSocket> _sockets = [];

    /// <summary>Opens connections and sends what each begins with.</summary>
    public async Task GatherAsync(int port, int count, string begin)
    {
        while (_sockets.Count < count)
        {
            // So many as fit in the backlog of a listener.
            RawSocket[] some = await Task.WhenAll(Enumerable.Range(0, Math.Min(200, count - _sockets.Count)).Select(_ => RawSocket.OpenAsync(port)));
            _sockets.AddRange(some);
            if (begin.Length > 0)
            {
                await Task.WhenAll(some.Select(s => s.SendAsync(begin)));
            }
        }
    }

    /// <summary>Sends a piece on each connection, again and again.</summary>
    public async Task TrickleAsync(string piece, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (RawSocket socket in _sockets)
            {
                await socket.SendAsync(piece);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>Reads what each connection got until it was closed.</summary>
    public Task<string[]> ReadToEndAsync() => Task.WhenAll(_sockets.Select(static s => s.ReadToEndAsync()));

    public void Dispose() => _sockets.ForEach(static s => s.Dispose());
}
