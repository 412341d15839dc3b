using Mesh.Client.Grpc;
using Mesh.Client.Pipeline;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Services;

namespace Mesh.Client.Http;

/// <summary>
/// The primary handler of a client: calls to services of the mesh go through the pipeline, all others to the primary that was there before,
/// untouched. It is no <see cref="DelegatingHandler"/>, so that nobody above it finds that primary and dials past the mesh, as gRPC's channel
/// would.
/// </summary>
internal sealed class MeshHandler : HttpMessageHandler
{
    private readonly MeshServices _services;
    private readonly MeshPipeline _pipeline;
    private readonly HttpMessageInvoker _primary;
    private readonly HttpMessageHandler? _transport;
    private readonly CallerContext _caller;
    private readonly IDisposable? _owned;

    /// <summary>Makes the handler of one client.</summary>
    /// <param name="services">The registry.</param>
    /// <param name="pipeline">The way of a call.</param>
    /// <param name="primary">The primary handler that the client had.</param>
    /// <param name="isTransport">Whether <paramref name="primary"/> was replaced by the user, and carries the calls to services too.</param>
    /// <param name="caller">What the client sets for itself.</param>
    /// <param name="owned">Disposed with this handler.</param>
    public MeshHandler(MeshServices services, MeshPipeline pipeline, HttpMessageHandler primary, bool isTransport, CallerContext caller, IDisposable? owned = null)
    {
        _services = services;
        _pipeline = pipeline;
        _primary = new HttpMessageInvoker(primary);
        _transport = isTransport ? primary : null;
        _caller = caller.FollowRedirects ? caller with { Follow = new Redirects(SendAsync, services.Engine.Inbound).FollowAsync } : caller;
        _owned = owned;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, _caller, synchronous: false, cancellationToken);

#pragma warning disable RS0030 // HttpClient.Send blocks by contract.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, _caller, synchronous: true, cancellationToken).GetAwaiter().GetResult();
#pragma warning restore RS0030

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _primary.Dispose();
            _owned?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CallerContext caller, bool synchronous, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || !_services.TryGet(uri, _transport, out MeshService? service))
        {
            return PassThroughAsync(request, synchronous, cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // An attempt looks at the caller's token only once it really waits, which is after its first byte left.
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        ServiceSnapshot? snapshot = service.Snapshot;
        return snapshot is null || uri.Scheme.Length > Uri.UriSchemeHttps.Length
            ? SendFirstAsync(service, request, caller, synchronous, cancellationToken)
            : _pipeline.SendAsync(service, snapshot, request, caller, synchronous, cancellationToken);
    }

    // The first calls wait for discovery here, and a bare host that turns out to be nobody's passes through.
    private async Task<HttpResponseMessage> SendFirstAsync(MeshService service, HttpRequestMessage request, CallerContext caller, bool synchronous, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        bool mayPass = service.IsTentative && !MeshServices.HasAlternatives(uri);
        long started = _services.Engine.Clock.GetTimestamp();
        ServiceSnapshot? snapshot;
        try
        {
            snapshot = await service.ResolveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException) when (mayPass)
        {
            snapshot = null;
        }
        catch (MeshException error)
        {
            _pipeline.OnUnresolved(service, request, error, started);
            if (GrpcRequest.Is(request))
            {
                return GrpcErrors.TryReply(request, error, cancellationToken) ?? throw new TaskCanceledException(null, error, cancellationToken);
            }

            throw;
        }

        if (snapshot is null)
        {
            if (!mayPass)
            {
                MeshException unknown = service.NotFound();
                _pipeline.OnUnresolved(service, request, unknown, started);
                return GrpcRequest.Is(request) && GrpcErrors.TryReply(request, unknown, cancellationToken) is { } reply ? reply : throw unknown;
            }

            _services.Forget(service, uri);
            return await PassThroughAsync(request, synchronous, cancellationToken).ConfigureAwait(false);
        }

        request.RequestUri = PreferredScheme.Apply(uri, snapshot);
        return await _pipeline.SendAsync(service, snapshot, request, caller, synchronous, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> PassThroughAsync(HttpRequestMessage request, bool synchronous, CancellationToken cancellationToken) =>
        synchronous ? Task.FromResult(_primary.Send(request, cancellationToken)) : _primary.SendAsync(request, cancellationToken);
}
