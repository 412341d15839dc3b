using System.Collections.Immutable;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;

namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Makes the answers about the process.</summary>
internal static class ProcessAnswers
{
    public static ServerAnswer Of(ServerStatus? server) => server is null ? new ServerAnswer() : new ServerAnswer
    {
        Receives = true,
        Limits = ServiceAnswers.Of(server.Limits),
        Concurrency = ServiceAnswers.Of(server.Concurrency),
        Callers = [.. server.Callers.Select(static c => new CallerAnswer { Name = c.Name, Traffic = ServiceAnswers.Of(c.Traffic)! })],
    };

    public static EventAnswer Of(MeshEvent happened) => new()
    {
        Number = happened.Number,
        Time = happened.Time,
        Id = happened.Id,
        Name = happened.Name,
        Level = ServiceAnswers.Word(happened.Level),
        Service = happened.Service,
        Endpoint = happened.Endpoint,
        Text = happened.Text,
    };

    public static PolicySourceAnswer[] Of(ImmutableArray<PolicySourceStatus> sources) =>
    [
        .. sources.Select(static s => new PolicySourceAnswer
        {
            Name = s.Name,
            AgeMs = ServiceAnswers.Milliseconds(s.Age),
            Error = s.Error,
            Documents = [.. s.Documents.Select(static d => new PolicyDocumentAnswer { Key = d.Key, Service = d.Service, State = ServiceAnswers.Word(d.State), Error = d.Error })],
        }),
    ];
}
