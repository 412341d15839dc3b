using System.Buffers;
using System.Diagnostics;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Retries;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>
/// Sends copies of calls elsewhere and forgets the replies (Envoy's request mirroring). A copy has its own time, one attempt and a place among a bounded number; it ends with them or with the
/// mesh, not with the call.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="services">Finds the service that gets the copies.</param>
/// <param name="send">Sends a call on its ordinary way.</param>
internal sealed class CallMirror(MeshEngine engine, MeshServices services, Func<Call, Task<HttpResponseMessage>> send) : IDisposable
{
    // More of a reply is not worth a connection.
    private const int MaxDrained = 1024 * 1024;
    private const int BufferSize = 16 * 1024;

    // Where neither the route nor the service has a timeout.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    // No timer runs for 50 days.
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    // The call's own timeout comes first and says whose fault it is; this is for what it does not cover, such as the reply's body.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private static readonly CallerContext s_caller = new() { FollowRedirects = false };

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Makes the copy of a call that is about to be sent.</summary>
    /// <param name="call">The call.</param>
    /// <param name="route">Its route.</param>
    /// <param name="policy">Where the copy goes.</param>
    /// <param name="lane">The lane of the call.</param>
    /// <param name="request">The request as the route leaves it.</param>
    /// <returns>The copy; <see langword="null"/> where there is to be none. And the request to be sent, whose body may be copied on its way.</returns>
    public async ValueTask<(MirrorCopy? Copy, HttpRequestMessage Request)> CopyAsync(Call call, RoutePolicy route, MirrorPolicy policy, string? lane, HttpRequestMessage request)
    {
        if (_stopping.IsCancellationRequested || !(policy.Percent >= 100 || engine.Random.NextDouble() * 100 < policy.Percent))
        {
            return (null, request);
        }

        RouteWork work = call.Service.Work.For(route);
        HttpContent? content = request.Content;
        bool isGrpc = content is not null && GrpcRequest.Is(request);
        if (!CanCopy(request, isGrpc, policy))
        {
            work.Mirrors.OnUnfit();
            return (null, request);
        }

        if (!work.Mirrors.TryEnter(policy.MaxActive))
        {
            return (null, request);
        }

        try
        {
            if (RequestCopy.TryMake(request, withOptions: false) is not { } message)
            {
                work.Mirrors.GiveUp();
                return (null, request);
            }

            message.Content = null;
            MirrorHost.Mark(message);
            var copy = new MirrorCopy(this, work.Mirrors, new MirrorBody(policy.MaxBody))
            {
                Request = message,
                HasBody = content is not null,
                BodyHeaders = HeadersOf(content),
                From = call.Service,
                FromState = call.Snapshot,
                Policy = policy,
                Route = work.ForCopies(route),
                Lane = lane,
                Trace = MirrorTrace.Of(message),
            };
            if (content is null)
            {
                return (copy, request);
            }

            if (isGrpc || !RetryRules.IsReplayable(content))
            {
                return Tee(copy, request, content);
            }

            // What stands in memory is copied before the caller can change it.
            await content.CopyToAsync(new MirrorTee(null, copy.Body), call.CancellationToken).ConfigureAwait(false);
            return (copy, request);
        }
        catch (Exception)
        {
            // What is wrong with the call itself shows when it is sent.
            work.Mirrors.GiveUp();
            return (null, request);
        }
    }

    /// <summary>Sends a copy and takes its reply. Nobody waits for it, so that it never throws.</summary>
    public async Task SendAsync(MirrorCopy copy)
    {
        bool wasAnswered = false;
        try
        {
            using Activity? activity = copy.Trace.Start();
            (MeshService service, ServiceSnapshot whole) = (copy.From, copy.FromState);
            if (copy.Policy.Service is { } name)
            {
                service = services.Sibling(copy.From, name);
                whole = service.Under(service.Snapshot ?? await service.ResolveAsync(_stopping.Token).ConfigureAwait(false) ?? throw service.NotFound(), copy.FromState);
            }

            ServiceSnapshot view = service.For(whole, new ViewKey(copy.Route, copy.Policy.Labels, whole.Subsets.LaneInUse(copy.Lane)));
            using var end = new CancellationTokenSource(Longest(view.Policy) + s_grace, engine.Clock);
            using CancellationTokenRegistration stop = _stopping.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
            using HttpResponseMessage answer = await send(new Call(service, view, copy.Complete(), s_caller, Synchronous: false, end.Token) { StaysHere = true }).ConfigureAwait(false);
            await DrainAsync(answer, end.Token).ConfigureAwait(false);
            wasAnswered = true;
        }
        catch (Exception)
        {
            // The endpoint's part in it is counted there.
        }
        finally
        {
            copy.End(wasAnswered);
        }
    }

    public void Dispose() => _stopping.Cancel();

    private static bool CanCopy(HttpRequestMessage request, bool isGrpc, MirrorPolicy policy)
    {
        if (request.Content is not { } content)
        {
            return request.Method != HttpMethod.Connect && !request.Headers.NonValidated.Contains("Upgrade");
        }

        if (content.Headers.ContentLength is { } length)
        {
            return length <= policy.MaxBody;
        }

        // A value that is yet to be written as JSON has no length, but an end.
        return isGrpc || (RetryRules.IsReplayable(content) && !RetryRules.IsReadOnce(content));
    }

    private static (MirrorCopy Copy, HttpRequestMessage Request) Tee(MirrorCopy copy, HttpRequestMessage request, HttpContent content)
    {
        if (RequestCopy.TryMake(request) is not { } main)
        {
            copy.GiveUp();
            return (copy, request);
        }

        copy.AwaitsBody = true;
        main.Content = new MirroredContent(content, copy);
        return (copy, main);
    }

    private static KeyValuePair<string, string>[] HeadersOf(HttpContent? content) =>
        content is null ? [] : [.. content.Headers.NonValidated.Where(static h => h.Key != "Content-Length").Select(static h => KeyValuePair.Create(h.Key, h.Value.ToString()))];

    private static async Task DrainAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read = 1;
            for (int all = 0; read > 0 && all < MaxDrained; all += read)
            {
                read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TimeSpan Longest(ServicePolicy policy)
    {
        TimeSpan longest = policy.Timeout > TimeSpan.Zero ? policy.Timeout : policy.AttemptTimeout > TimeSpan.Zero ? policy.AttemptTimeout : s_longest;
        return longest < s_day ? longest : s_day;
    }
}
