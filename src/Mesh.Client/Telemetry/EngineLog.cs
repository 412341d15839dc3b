using Microsoft.Extensions.Logging;

namespace Mesh.Client.Telemetry;

/// <summary>What the engine says. Event ids 2000 to 2099 belong to it.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(2000, LogLevel.Information, "{Service}: first use; {Count} endpoints from {Source}, policy {Policy}")]
    public static partial void ServiceInUse(ILogger logger, string service, int count, string source, string policy);

    [LoggerMessage(2001, LogLevel.Information, "{Service}: {Count} endpoints from {Source} ({Added} added, {Removed} removed)")]
    public static partial void EndpointsChanged(ILogger logger, string service, int count, string source, int added, int removed);

    [LoggerMessage(2018, LogLevel.Information, "{Service}: other overlays count for this process now: {Overlays}; before: {Before}")]
    public static partial void OverlaysChanged(ILogger logger, string service, string overlays, string before);

    [LoggerMessage(2002, LogLevel.Warning, "{Source} failed for service {Service} and is started again with back-off; the last good endpoints stay in force")]
    public static partial void SourceFailed(ILogger logger, string source, string service, Exception error);

    [LoggerMessage(2011, LogLevel.Debug, "{Source} still fails for service {Service}: {Error}")]
    public static partial void SourceStillFails(ILogger logger, string source, string service, string error);

    [LoggerMessage(2012, LogLevel.Error, "{Service}: the load balancer {Balancer} failed; LeastRequest takes its place until the next update")]
    public static partial void BalancerFailed(ILogger logger, string service, string balancer, Exception error);

    [LoggerMessage(2015, LogLevel.Error, "{Service}: what ConfigurePipeline was given worked when it was checked and failed now; calls go on with the pipeline before, or without one, until the next change of the service")]
    public static partial void PipelineFailed(ILogger logger, string service, Exception error);

    [LoggerMessage(2003, LogLevel.Warning, "{Service}: {Source} says that there is no endpoint any more; the {Count} known ones are kept for {Grace}, and after it until they fail")]
    public static partial void EmptyHeld(ILogger logger, string service, string source, int count, TimeSpan grace);

    [LoggerMessage(2004, LogLevel.Warning, "{Service}: {Source} confirms that there is no endpoint any more")]
    public static partial void EmptyApplied(ILogger logger, string service, string source);

    [LoggerMessage(2005, LogLevel.Warning, "{Service}: endpoint {Endpoint} ejected for {BreakTime} ({Reason})")]
    public static partial void Ejected(ILogger logger, string service, string endpoint, TimeSpan breakTime, string reason);

    [LoggerMessage(2006, LogLevel.Information, "{Service}: endpoint {Endpoint} is {State} ({Reason})")]
    public static partial void GateChanged(ILogger logger, string service, string endpoint, string state, string reason);

    [LoggerMessage(2007, LogLevel.Error, "{Service}: an update was refused and the last good endpoints stay in force")]
    public static partial void UpdateRefused(ILogger logger, string service, Exception error);

    [LoggerMessage(2013, LogLevel.Error, "{Service}: an answer of {Source} was refused and the last good endpoints stay in force: {Fault}")]
    public static partial void AnswerRefused(ILogger logger, string service, string source, string fault);

    [LoggerMessage(2014, LogLevel.Debug, "{Service}: an answer of {Source} came late and is ignored: revision {Revision} is older than the one before it")]
    public static partial void AnswerLate(ILogger logger, string service, string source, string? revision);

    [LoggerMessage(2008, LogLevel.Warning, "HTTP client \"{Client}\": {Settings} of its primary handler do not apply to mesh services; set Mesh:Services:<name>:Transport, or Transport.ConfigureHandler in code")]
    public static partial void PrimarySettingsNotUsed(ILogger logger, string client, string settings);

    [LoggerMessage(2009, LogLevel.Warning, "HTTP client \"{Client}\" also has {Handler}: retries, timeouts or discovery would happen twice for mesh services; remove it, or take the client out with RemoveMesh()")]
    public static partial void SecondGovernor(ILogger logger, string client, string handler);

    [LoggerMessage(2020, LogLevel.Warning, "{Service}: endpoint {Endpoint} is unhealthy: {Count} probes in a row failed, the last with: {Fault}")]
    public static partial void Unhealthy(ILogger logger, string service, string endpoint, int count, string fault);

    [LoggerMessage(2021, LogLevel.Information, "{Service}: endpoint {Endpoint} is healthy again")]
    public static partial void Healthy(ILogger logger, string service, string endpoint);

    [LoggerMessage(2022, LogLevel.Warning, "{Service}: endpoint {Endpoint} was isolated by an operator and gets no calls until it is released")]
    public static partial void Isolated(ILogger logger, string service, string endpoint);

    [LoggerMessage(2023, LogLevel.Information, "{Service}: endpoint {Endpoint} was released")]
    public static partial void Released(ILogger logger, string service, string endpoint);

    [LoggerMessage(2024, LogLevel.Information, "{Service}: calls fall back since {Part} has no endpoint that can be used")]
    public static partial void FallbackBegan(ILogger logger, string service, string part);

    [LoggerMessage(2025, LogLevel.Information, "{Service}: calls no longer fall back; {Count} did so far")]
    public static partial void FallbackCeased(ILogger logger, string service, long count);

    [LoggerMessage(2030, LogLevel.Warning, "The policy source {Source} failed and is started again with back-off; its last good documents stay in force")]
    public static partial void PolicySourceFailed(ILogger logger, string source, Exception error);

    [LoggerMessage(2031, LogLevel.Debug, "The policy source {Source} still fails: {Error}")]
    public static partial void PolicySourceStillFails(ILogger logger, string source, string error);

    [LoggerMessage(2032, LogLevel.Information, "The policy source {Source} answers again")]
    public static partial void PolicySourceAnswers(ILogger logger, string source);

    [LoggerMessage(2033, LogLevel.Information, "The policy source {Source} has not answered yet; its {Count} documents that an earlier process kept on disk are used until it does")]
    public static partial void PoliciesRestored(ILogger logger, string source, int count);

    [LoggerMessage(2010, LogLevel.Debug, "{Service}: unused for {Idle}, no longer watched")]
    public static partial void ServiceLeft(ILogger logger, string service, TimeSpan idle);
}
