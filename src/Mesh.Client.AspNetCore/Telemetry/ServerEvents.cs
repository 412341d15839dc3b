using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.Inbound;
using Mesh.Client.Options.Reading;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Telemetry;

/// <summary>Where the receiving side tells what it did. It logs, one line a second for each reason; whoever counts can listen.</summary>
internal sealed class ServerEvents(ILogger logger, TimeProvider clock)
{
    private const int MaxText = 200;

    private readonly LogGate[] _refused = [.. Enum.GetValues<RejectionReason>().Select(_ => new LogGate(clock))];
    private readonly LogGate _dryRun = new(clock);

    /// <summary>Told of every request that was refused.</summary>
    public Action<Rejection>? OnRefused { get; set; }

    /// <summary>Told of every rule that would have denied a request.</summary>
    public Action<string>? OnWouldDeny { get; set; }

    public void Refused(HttpContext context, InboundRequest inbound, in Rejection rejection)
    {
        OnRefused?.Invoke(rejection);
        if (_refused[(int)rejection.Reason].TryPass(out long suppressed))
        {
            ServerLog.Refused(logger, Text(context.Request.Method), Text(context.Request.Path.Value), Address(inbound), Text(inbound.Caller), rejection.Reason.ToString(), rejection.Rule, suppressed);
        }
    }

    public void WouldDeny(HttpContext context, InboundRequest inbound, string rule)
    {
        OnWouldDeny?.Invoke(rule);
        if (_dryRun.TryPass(out long suppressed))
        {
            ServerLog.WouldDeny(logger, rule, Text(context.Request.Method), Text(context.Request.Path.Value), Address(inbound), Text(inbound.Caller), suppressed);
        }
    }

    private static string Address(InboundRequest inbound) => inbound.Address?.ToString() ?? "an unknown address";

    // It comes from outside: one line, and no longer than it helps.
    private static string Text(string? text) => OptionErrors.Clean(text ?? "", MaxText);
}
