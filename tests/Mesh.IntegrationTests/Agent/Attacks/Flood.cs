using Mesh.IntegrationTests.Agent.Smuggling;

namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>Sends frames of HTTP/2 as fast as they are taken, up to a pace that leaves the machine something, and connects anew whenever it is thrown out.</summary>
/// <param name="port">Where.</param>
/// <param name="burst">Makes the next frames, given the next stream; it takes at most <see cref="Streams"/> of them.</param>
internal sealed class Flood(int port, Func<int, byte[]> burst)
{
    /// <summary>How many streams a burst may take.</summary>
    public const int Streams = 100;

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);

    private int _bursts;
    private int _connections;

    /// <summary>How many bursts were sent.</summary>
    public int Bursts => Volatile.Read(ref _bursts);

    /// <summary>How many connections it took.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _connections);
            using RawHttp2 connection = await RawHttp2.OpenAsync(port);
            Task drain = DrainAsync(connection);
            for (int stream = 1; !drain.IsCompleted && !cancellationToken.IsCancellationRequested; stream += 2 * Streams)
            {
                await connection.SendAsync(burst(stream));
                Interlocked.Increment(ref _bursts);
                await Task.Delay(s_pace, CancellationToken.None);
            }

            connection.Dispose();
            await drain.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task DrainAsync(RawHttp2 connection)
    {
        while (await connection.ReadAsync() is { } frame && frame.Type != RawHttp2.GoAway)
        {
        }
    }
}
