using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Mesh.Client.Tests.Probing;

/// <summary>A server with gRPC's health service whose streams are in a test's hands.</summary>
internal sealed class HealthServer : HttpMessageHandler
{
    private readonly ConcurrentQueue<Pipe> _streams = new();
    private int _checks;
    private int _watches;
    private int _open;
    private int _mostOpen;

    /// <summary>What <c>Check</c> answers.</summary>
    public byte Status { get; set; } = 1;

    /// <summary>Whether it has <c>Watch</c>.</summary>
    public bool HasWatch { get; set; } = true;

    public int Checks => Volatile.Read(ref _checks);

    public int Watches => Volatile.Read(ref _watches);

    public int Open => Volatile.Read(ref _open);

    public int MostOpen => Volatile.Read(ref _mostOpen);

    /// <summary>Says a status on the newest stream.</summary>
    public async Task SayAsync(byte status) => await _streams.Last().Writer.WriteAsync(Answer(status));

    /// <summary>Says what is no status.</summary>
    public async Task SayAsync(byte[] bytes) => await _streams.Last().Writer.WriteAsync(bytes);

    /// <summary>Breaks the newest stream.</summary>
    public void Break()
    {
        Interlocked.Decrement(ref _open);
        _streams.Last().Writer.Complete(new HttpIOException(HttpRequestError.ResponseEnded));
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/Check", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _checks);
            var answer = new HttpResponseMessage { Content = new ByteArrayContent(Answer(Status)) };
            answer.TrailingHeaders.Add("grpc-status", "0");
            return Task.FromResult(answer);
        }

        var response = new HttpResponseMessage();
        if (!HasWatch)
        {
            Interlocked.Increment(ref _watches);
            response.Headers.Add("grpc-status", "12");
            return Task.FromResult(response);
        }

        var pipe = new Pipe();
        cancellationToken.Register(() =>
        {
            Interlocked.Decrement(ref _open);
            pipe.Writer.Complete();
        });

        // Before it is counted: who waits for the count speaks on the stream at once.
        _streams.Enqueue(pipe);
        _mostOpen = Math.Max(_mostOpen, Interlocked.Increment(ref _open));
        Interlocked.Increment(ref _watches);
        response.Content = new StreamContent(pipe.Reader.AsStream());
        return Task.FromResult(response);
    }

    private static byte[] Answer(byte status) => [0, 0, 0, 0, 2, 8, status];
}
