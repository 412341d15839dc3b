using Mesh.Agent.Forwarding;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Receiving;
using Mesh.Client.Inbound;
using Mesh.Client.Retries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Mesh.Agent.Outbound;

/// <summary>Takes the calls of programs of this machine into the mesh: YARP copies, the engine does all else.</summary>
/// <param name="forwarder">Passes them on.</param>
/// <param name="inbound">Tells the engine until when a program waits.</param>
/// <param name="hop">What this agent calls itself in <c>Via</c>.</param>
/// <param name="clock">The clock.</param>
internal sealed class OutboundProxy(Forwarder forwarder, InboundContext inbound, string hop, TimeProvider clock)
{
    private readonly string _via = $"1.1 {hop}";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!TryRead(context, out Uri? uri, out Refusal? refusal))
        {
            await forwarder.RefuseAsync(context, refusal!).ConfigureAwait(false);
            return;
        }

        // Who calls is the agent's to say, and which attempt it is the engine's.
        context.Request.Headers.Remove(InboundHeaders.Caller);
        context.Request.Headers.Remove(RetryRules.AttemptCountHeader);

        // By this a call that leads back to the agent is known again, however many others it passed.
        context.Request.Headers.Append(HeaderNames.Via, _via);
        InboundRequest? deadline = Deadline(context);
        try
        {
            await forwarder.SendAsync(context, uri!, host: null).ConfigureAwait(false);
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
            refusal = Refusal.Tunnel(RequestHost.Of(request).Value ?? "");
        }
        else if (!RequestTarget.TryRead(context, out uri, out string? fault))
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
        if (Forwarder.IsGrpc(context) || !context.Request.Headers.ContainsKey(InboundHeaders.Timeout) || RequestDeadline.Left(context.Request.Headers) is not { } left)
        {
            return null;
        }

        var served = new InboundRequest { Deadline = clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency) };
        inbound.Enter(served);
        return served;
    }
}
