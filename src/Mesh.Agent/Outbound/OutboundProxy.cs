using System.Net;
using Mesh.Agent.Telemetry;
using Mesh.Client.AspNetCore.Receiving;
using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.AspNetCore.Telemetry;
using Mesh.Client.Grpc;
using Mesh.Client.Inbound;
using Mesh.Client.Options.Reading;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Agent.Outbound;

/// <summary>Takes the calls of programs of this machine into the mesh: YARP copies, the engine does all else.</summary>
/// <param name="forwarder">YARP.</param>
/// <param name="mesh">The engine, and behind it the hosts outside of the mesh.</param>
/// <param name="inbound">Tells the engine until when a program waits.</param>
/// <param name="hop">What this agent calls itself in <c>Via</c>.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class OutboundProxy(IHttpForwarder forwarder, HttpMessageInvoker mesh, InboundContext inbound, string hop, TimeProvider clock, ILogger logger)
{
    // YARP's name for where it sends to; the URI of each call says that.
    private const string Destination = "http://mesh";

    private const int MaxText = 200;

    // The engine has its own times, until the headers. A stream lives as long as both sides want.
    private static readonly ForwarderRequestConfig s_http = new() { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower, ActivityTimeout = Timeout.InfiniteTimeSpan };
    private static readonly ForwarderRequestConfig s_grpc = new() { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = Timeout.InfiniteTimeSpan };

    private readonly LogGate _refused = new(clock);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!TryRead(context, out Uri? uri, out Refusal? refusal))
        {
            await RefuseAsync(context, refusal!).ConfigureAwait(false);
            return;
        }

        bool isGrpc = context.Request.ContentType is { } type && GrpcRequest.IsMediaType(type);
        InboundRequest? deadline = isGrpc ? null : Deadline(context);
        try
        {
            ForwarderError error = await forwarder.SendAsync(context, Destination, mesh, isGrpc ? s_grpc : s_http, new OutboundTransformer(uri!)).ConfigureAwait(false);
            if (error is not ForwarderError.None && Explain(context, error) is { } answer)
            {
                await RefuseAsync(context, answer).ConfigureAwait(false);
            }
        }
        finally
        {
            deadline?.End();
        }
    }

    private bool TryRead(HttpContext context, out Uri? uri, out Refusal? refusal)
    {
        HttpRequest request = context.Request;
        uri = null;
        refusal = null;
        if (HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true })
        {
            refusal = Refusal.Tunnel(request.Host.Value ?? "");
        }
        else if (!OutboundRequest.TryRead(context, out uri, out string? fault))
        {
            refusal = Refusal.Malformed(fault);
        }
        else if (request.Headers.Via is { Count: > 0 } via && via.Any(v => v is not null && v.Contains(hop, StringComparison.Ordinal)))
        {
            refusal = Refusal.Loop(uri.Host);
        }

        return refusal is null;
    }

    // Calls of gRPC say it in a header that the engine reads by itself.
    private InboundRequest? Deadline(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(InboundHeaders.Timeout, out StringValues _) || RequestDeadline.Left(context.Request.Headers) is not { } left)
        {
            return null;
        }

        var served = new InboundRequest { Deadline = clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency) };
        inbound.Enter(served);
        return served;
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
            _ => null,
        };
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        if (_refused.TryPass(out long suppressed))
        {
            AgentLog.Refused(logger, Text(context.Request.Method), Text(context.Request.Host.Value), refusal.Reason, Text(refusal.Detail), suppressed);
        }

        context.Response.Headers[Refusal.Header] = refusal.Reason;
        if (refusal.Status == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        }

        return RejectionWriter.WriteAsync(context, refusal.Status, refusal.GrpcStatus, refusal.Detail, refusal.RetryAfter);
    }

    // It comes from outside: one line, and no longer than it helps.
    private static string Text(string? text) => OptionErrors.Clean(text ?? "", MaxText);
}
