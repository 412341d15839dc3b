using Mesh.Client.Explaining;

namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Makes the answers about what would become of a request.</summary>
internal static class ExplanationAnswers
{
    /// <summary>So many endpoints of an outcome are named.</summary>
    public const int MostEndpoints = 50;

    public static ExplanationAnswer Of(MeshExplanation explanation) => new()
    {
        IsService = explanation.IsService,
        Service = explanation.Service,
        Problem = explanation.Problem,
        Lane = explanation.Lane,
        Routes = [.. explanation.Routes.Select(static r => new RouteVerdictAnswer { Name = r.Name, Matches = r.Matches, Fraction = r.Fraction, Reason = r.Reason })],
        Outcomes = [.. explanation.Outcomes.Select(Of)],
    };

    private static OutcomeAnswer Of(OutcomeExplanation outcome) => new()
    {
        Probability = Math.Round(outcome.Probability, 6),
        Route = outcome.Route,
        Service = outcome.Service,
        Subset = outcome.Subset,
        Lane = outcome.Lane,
        AnswersWith = outcome.AnswersWith,
        PathAndQuery = outcome.PathAndQuery,
        Host = outcome.Host,
        Actions = outcome.Actions,
        TimeoutMs = outcome.Timeout.TotalMilliseconds,
        AttemptTimeoutMs = outcome.AttemptTimeout.TotalMilliseconds,
        MaxAttempts = outcome.MaxAttempts,
        RateLimits = outcome.RateLimits,
        Problem = outcome.Problem,
        EndpointCount = outcome.Endpoints.Length,
        Endpoints = [.. outcome.Endpoints.Take(MostEndpoints).Select(static e => new CandidateAnswer
        {
            Rank = e.Rank,
            Address = e.Status.Address,
            Condition = ServiceAnswers.Condition(e.Status),
            Reason = e.Status.Reason,
            Usable = e.Status.IsUsable,
        })],
    };
}
