using System.Net;
using Mesh.Agent.Listening;
using Mesh.Agent.Telemetry;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.AspNetCore.Telemetry;
using Mesh.Client.Grpc;
using Mesh.Client.Options.Reading;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Agent.Forwarding;

/// <summary>Passes requests on: YARP copies. What goes wrong becomes an answer that says what.</summary>
/// <param name="yarp">YARP.</param>
/// <param name="invoker">Takes the requests.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class Forwarder(IHttpForwarder yarp, HttpMessageInvoker invoker, TimeProvider clock, ILogger logger)
{
    // YARP's name for where it sends to; the URI of each request says that.
    private const string Destination = "http://mesh";

    private const int MaxText = 200;

    // The engine has its own times, until the headers. A stream lives as long as both sides want.
    private static readonly ForwarderRequestConfig s_http = new() { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower, ActivityTimeout = Timeout.InfiniteTimeSpan };
    private static readonly ForwarderRequestConfig s_grpc = new() { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = Timeout.InfiniteTimeSpan };

    private readonly LogGate _refused = new(clock);
    private readonly LogGate _flooded = new(clock);

    /// <summary>Whether a request is a gRPC call.</summary>
    public static bool IsGrpc(HttpContext context) => context.Request.ContentType is { } type && GrpcRequest.IsMediaType(type);

    /// <summary>Passes a request on and its answer back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="uri">Where it goes.</param>
    /// <param name="host">What it says in <c>Host</c>; <see langword="null"/> where that is the host of <paramref name="uri"/>.</param>
    public async Task SendAsync(HttpContext context, Uri uri, string? host)
    {
        if (Framing.Fault(context) is { } fault)
        {
            // Where the next request begins is as doubtful as where this one ends.
            context.Response.Headers.Connection = "close";
            await RefuseAsync(context, Refusal.Malformed(fault)).ConfigureAwait(false);
            return;
        }

        if (context.Features.Get<ResetGuard>() is not { } guard)
        {
            await ForwardAsync(context, uri, host).ConfigureAwait(false);
            return;
        }

        // What was taken back before its turn came costs nobody anything more.
        long start = clock.GetTimestamp();
        if (!context.RequestAborted.IsCancellationRequested)
        {
            await ForwardAsync(context, uri, host).ConfigureAwait(false);
        }

        if (guard.Note(context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted && clock.GetElapsedTime(start) < ResetGuard.Soon))
        {
            if (_flooded.TryPass(out long suppressed))
            {
                AgentLog.ResetFlood(logger, $"{context.Connection.RemoteIpAddress}", ResetGuard.Streams, suppressed);
            }

            context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        }
    }

    private async Task ForwardAsync(HttpContext context, Uri uri, string? host)
    {
        ForwarderError error = await yarp.SendAsync(context, Destination, invoker, IsGrpc(context) ? s_grpc : s_http, new ForwardTransformer(uri, host)).ConfigureAwait(false);
        if (error is not ForwarderError.None && Explain(context, error) is { } refusal)
        {
            await RefuseAsync(context, refusal).ConfigureAwait(false);
        }
    }

    /// <summary>Answers in place of a service.</summary>
    public Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        if (_refused.TryPass(out long suppressed))
        {
            AgentLog.Refused(logger, Text(context.Request.Method), Text(RequestHost.Of(context.Request).Value), refusal.Reason, Text(refusal.Detail), suppressed);
        }

        context.Response.Headers[Refusal.Header] = refusal.Reason;
        if (refusal.Status == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        }

        return RejectionWriter.WriteAsync(context, refusal.Status, refusal.GrpcStatus, refusal.Detail, refusal.RetryAfter);
    }

    private static Refusal? Explain(HttpContext context, ForwarderError error)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || context.GetForwarderErrorFeature()?.Exception is not { } exception)
        {
            return null;
        }

        // A body that the program did not finish is its own fault, which YARP has told by a status.
        return error switch
        {
            ForwarderError.Request or ForwarderError.RequestTimedOut => Refusal.Of(exception),
            ForwarderError.RequestCreation => Refusal.Malformed(exception.Message),
            ForwarderError.ResponseHeaders => new Refusal(StatusCodes.Status502BadGateway, GrpcStatusCode.Internal, "response-headers", $"The response cannot be passed on: {exception.Message}"),
            ForwarderError.RequestBodyDestination => new Refusal(StatusCodes.Status502BadGateway, GrpcStatusCode.Unavailable, "reset", "The connection ended while the body was sent."),
            ForwarderError.ResponseBodyDestination => new Refusal(StatusCodes.Status502BadGateway, GrpcStatusCode.Unavailable, "response-body", $"The response ended after its headers: {exception.Message}"),
            _ => null,
        };
    }

    // It comes from outside: one line, and no longer than it helps.
    private static string Text(string? text) => OptionErrors.Clean(text ?? "", MaxText);
}
