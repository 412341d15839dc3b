using System.Globalization;
using System.Text;
using Mesh.Client.AspNetCore.Admin.Answers;

namespace Mesh.Agent.Commands.Explaining;

/// <summary>An explanation for a person.</summary>
internal static class ExplanationText
{
    /// <summary>Writes it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">What would become of it.</param>
    /// <param name="passes">Whether the host is none of the mesh and passed through.</param>
    public static string Of(RequestLine request, ExplanationAnswer answer, bool passes)
    {
        var text = new StringBuilder();
        Line(text, 0, $"{request.Method} {request.Uri}");
        if (passes)
        {
            Line(text, 0, $"\"{answer.Service}\" is no service of the mesh. Agent:PassThrough names it: the request goes there as it is.");
            return text.ToString();
        }

        if (answer.Problem.Length > 0)
        {
            Line(text, 0, $"\"{answer.Service}\" cannot be called: {answer.Problem}.");
            if (!answer.IsService)
            {
                Line(text, 0, "The agent refuses such hosts (403, foreign-host), unless Agent:PassThrough names them.");
            }

            return text.ToString();
        }

        Line(text, 0, $"service  {answer.Service}");
        Line(text, 0, $"lane     {answer.Lane ?? "none"}");
        Line(text, 0, answer.Routes.Length == 0 ? "routes   none" : "routes");
        int width = answer.Routes.Select(static r => r.Name.Length).DefaultIfEmpty().Max();
        foreach (RouteVerdictAnswer route in answer.Routes)
        {
            string verdict = !route.Matches ? $"does not match: {route.Reason}" : route.Fraction < 1 ? $"matches, for {Percent(route.Fraction)} of such requests" : "matches";
            Line(text, 2, $"{route.Name.PadRight(width)}  {verdict}");
        }

        foreach (OutcomeAnswer outcome in answer.Outcomes)
        {
            Append(text, outcome);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, OutcomeAnswer outcome)
    {
        Line(text, 0, $"{Percent(outcome.Probability)}  {(outcome.Route is { } route ? $"by route {route}" : "by no route")}{Target(outcome)}");
        if (outcome.AnswersWith is { } status)
        {
            Line(text, 2, $"the mesh itself answers with {status.ToString(CultureInfo.InvariantCulture)}");
        }
        else
        {
            Line(text, 2, $"as {outcome.PathAndQuery} at host {outcome.Host}, within {Time(outcome.TimeoutMs)}, an attempt within {Time(outcome.AttemptTimeoutMs)}, at most {Count(outcome.MaxAttempts, "attempt")}");
        }

        foreach (string action in outcome.Actions)
        {
            Line(text, 2, action);
        }

        if (outcome.RateLimits.Count > 0)
        {
            Line(text, 2, $"limited by {string.Join(", ", outcome.RateLimits)}");
        }

        if (outcome.Problem.Length > 0)
        {
            Line(text, 2, $"nowhere: {outcome.Problem}");
        }

        Endpoints(text, outcome);
    }

    private static string Target(OutcomeAnswer outcome)
    {
        var target = new StringBuilder();
        if (outcome.AnswersWith is null)
        {
            target.Append(CultureInfo.InvariantCulture, $" to {outcome.Service}").Append(outcome.Subset.Length > 0 ? $", those with {outcome.Subset}" : "");
        }

        return target.Append(outcome.Lane is { } lane ? $", in lane {lane}" : "").ToString();
    }

    private static void Endpoints(StringBuilder text, OutcomeAnswer outcome)
    {
        int width = outcome.Endpoints.Select(static e => e.Address.Length).DefaultIfEmpty().Max();
        int rank = 0;
        foreach (CandidateAnswer endpoint in outcome.Endpoints)
        {
            if (endpoint.Rank != rank)
            {
                rank = endpoint.Rank;
                Line(text, 2, "where none of these can take it");
            }

            Line(text, 4, $"{endpoint.Address.PadRight(width)}  {endpoint.Condition}{(endpoint.Reason.Length > 0 ? $": {endpoint.Reason}" : "")}{(endpoint.Usable ? "" : " (takes no call now)")}");
        }

        if (outcome.EndpointCount > outcome.Endpoints.Length)
        {
            Line(text, 4, $"and {(outcome.EndpointCount - outcome.Endpoints.Length).ToString(CultureInfo.InvariantCulture)} more");
        }
    }

    private static void Line(StringBuilder text, int indent, string line) => text.Append(' ', indent).AppendLine(line);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.####} %");

    private static string Time(double milliseconds) =>
        milliseconds == 0 ? "any time" : milliseconds >= 1000 ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.###} s") : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.###} ms");

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
