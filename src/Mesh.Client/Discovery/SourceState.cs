using Mesh.Client.Model;

namespace Mesh.Client.Discovery;

/// <summary>What one source last said of one service.</summary>
internal sealed class SourceState(IEndpointSource source) : IDisposable
{
    private const int MaxErrorLength = 200;

    private CancellationTokenSource? _watch;

    public IEndpointSource Source { get; } = source;

    /// <summary>The last answer; it stays in force when the source fails later.</summary>
    public EndpointUpdate? Last { get; set; }

    public Exception? Error { get; set; }

    /// <summary>The timestamp of the last answer.</summary>
    public long AnsweredAt { get; set; }

    /// <summary>What it fails with, cut short; <see langword="null"/> where it does not.</summary>
    public string? Fault => Error is { Message: var text } ? text.Length > MaxErrorLength ? text[..MaxErrorLength] : text : null;

    public bool IsWatched => _watch is not null;

    /// <summary>Whether this source speaks for the service, so that the later ones need not be asked.</summary>
    public bool Answers => Last is EndpointsFound or EndpointsEmpty;

    /// <summary>Whether the next source is to be asked.</summary>
    public bool PassesOn => Last is ServiceNotFound || (Last is null && Error is not null);

    public CancellationToken Start(CancellationToken cancellationToken)
    {
        _watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return _watch.Token;
    }

    public void Stop()
    {
        _watch?.Cancel();
        _watch?.Dispose();
        _watch = null;
        Last = null;
        Error = null;
    }

    public override string ToString()
    {
        string said = this switch
        {
            { Last: EndpointsFound found } => $"{found.Set.Endpoints.Length} found",
            { Last: EndpointsEmpty } => "no endpoint",
            { Last: ServiceNotFound } => "not found",
            { Fault: { } fault } => $"failed ({fault})",
            { IsWatched: true } => "no answer yet",
            _ => "not asked",
        };
        return $"{Source.Name}: {said}";
    }

    public void Dispose() => Stop();
}
