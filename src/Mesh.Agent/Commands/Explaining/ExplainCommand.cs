using System.Collections;
using System.Text.Json;
using Mesh.Client.AspNetCore.Admin.Answers;

namespace Mesh.Agent.Commands.Explaining;

/// <summary>Tells which way a request would take, and why.</summary>
internal static class ExplainCommand
{
    /// <summary>Explains a request.</summary>
    /// <param name="line">What was asked for.</param>
    /// <param name="file">The configuration.</param>
    /// <param name="environment">The variables of the environment.</param>
    /// <param name="output">For the explanation.</param>
    /// <param name="errors">For what is wrong.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CommandLine line, string? file, IDictionary environment, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        RequestLine request = line.Request!;
        bool passes = false;
        ExplanationAnswer answer;
        try
        {
            if (line.Admin is { } admin)
            {
                answer = await RunningAgent.AskAsync(admin, request, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                (answer, passes) = await OwnMesh.ExplainAsync(file, environment, request, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException or ArgumentException or InvalidOperationException)
        {
            await errors.WriteLineAsync($"mesh-agent: {error.Message}").ConfigureAwait(false);
            return ExitCode.Failure;
        }

        string text = line.Json ? JsonSerializer.Serialize(answer, ExplanationJson.Readable.ExplanationAnswer) + Environment.NewLine : ExplanationText.Of(request, answer, passes);
        await output.WriteAsync(text).ConfigureAwait(false);
        return passes || Arrives(answer) ? ExitCode.Ok : ExitCode.NoWay;
    }

    // Whatever chance decides on must arrive somewhere.
    private static bool Arrives(ExplanationAnswer answer) =>
        answer.Problem.Length == 0 && answer.Outcomes.All(static o => o.AnswersWith is not null || (o.Problem.Length == 0 && o.Endpoints.Any(static e => e.Usable)));
}
