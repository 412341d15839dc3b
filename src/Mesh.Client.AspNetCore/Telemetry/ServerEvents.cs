using System.Diagnostics;
using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.Inbound;
using Mesh.Client.Options.Reading;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Telemetry;

/// <summary>
/// Where the receiving side tells what it did: as a line in the log, one a second for each reason, as a figure, and as an event on the span of the request, which is ASP.NET Core's own.
/// </summary>
internal sealed class ServerEvents(ILogger logger, TimeProvider clock, MeshMetrics metrics)
{
    /// <summary>The event on the span of a request that was refused.</summary>
    public const string RefusedEvent = "mesh.rejected";

    /// <summary>The event on the span of a request that a rule in its dry run would have refused.</summary>
    public const string WouldDenyEvent = "mesh.would_reject";

    private const int MaxText = 200;

    private readonly LogGate[] _refused = [.. Enum.GetValues<RejectionReason>().Select(_ => new LogGate(clock))];
    private readonly LogGate _dryRun = new(clock);

    public void Refused(HttpContext context, InboundRequest inbound, in Rejection rejection)
    {
        string reason = WordOf(rejection.Reason);
        metrics.Refusal(reason, rejection.Rule);
        Note(context, RefusedEvent, reason, rejection.Rule);
        if (_refused[(int)rejection.Reason].TryPass(out long suppressed))
        {
            ServerLog.Refused(logger, Text(context.Request.Method), Text(context.Request.Path.Value), Address(inbound), Text(inbound.Caller), rejection.Reason.ToString(), rejection.Rule, suppressed);
        }
    }

    public void WouldDeny(HttpContext context, InboundRequest inbound, string rule)
    {
        Note(context, WouldDenyEvent, WordOf(RejectionReason.Denied), rule);
        if (_dryRun.TryPass(out long suppressed))
        {
            ServerLog.WouldDeny(logger, rule, Text(context.Request.Method), Text(context.Request.Path.Value), Address(inbound), Text(inbound.Caller), suppressed);
        }
    }

    private static void Note(HttpContext context, string name, string reason, string rule)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
        {
            span.AddEvent(new ActivityEvent(name, tags: new ActivityTagsCollection { [TagNames.Reason] = reason, [TagNames.Rule] = rule }));
        }
    }

    private static string WordOf(RejectionReason reason) => reason switch
    {
        RejectionReason.BadPath => "bad_path",
        RejectionReason.Denied => "denied",
        RejectionReason.RateLimited => "rate_limited",
        RejectionReason.Overloaded => "overloaded",
        _ => "deadline_exceeded",
    };

    private static string Address(InboundRequest inbound) => inbound.Address?.ToString() ?? "an unknown address";

    // It comes from outside: one line, and no longer than it helps.
    private static string Text(string? text) => OptionErrors.Clean(text ?? "", MaxText);
}
