namespace Mesh.Benchmarks.Stubs;

/// <summary>Reads of a request what <see cref="SocketsHttpHandler"/> reads, and replies at once or when the pump says so.</summary>
internal sealed class StubTransport(StubReply kind, bool watchesToken = false) : HttpMessageHandler
{
    private long _read;

    /// <summary>Where replies wait; <see langword="null"/> where they come at once.</summary>
    public Pump? Pump { get; set; }

    /// <summary>What was read, so that no reading is optimized away.</summary>
    public long Read => _read;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        _read += uri.Scheme.Length + uri.IdnHost.Length + uri.Port + uri.PathAndQuery.Length + (request.Headers.Host?.Length ?? 0);
        return Pump is { } pump
            ? pump.Wait(kind, watchesToken ? cancellationToken : CancellationToken.None)
            : Task.FromResult(StubContent.Reply(kind));
    }
}
