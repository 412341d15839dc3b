using Mesh.Client;

namespace Mesh.Chaos.Load;

/// <summary>Makes single calls with the library, as an application does.</summary>
internal sealed class MeshCaller(HttpClient client, RunClock clock)
{
    public const string Name = "mesh";

    public async Task<CallResult> CallAsync(CallKind kind, int number)
    {
        int start = clock.Now;
        (Verdict verdict, string reason) = await JudgeAsync(kind, number);
        return new CallResult(Name, kind, number, start, clock.Now, verdict, reason);
    }

    private async Task<(Verdict Verdict, string Reason)> JudgeAsync(CallKind kind, int number)
    {
        using var request = kind switch
        {
            CallKind.Post => new HttpRequestMessage(HttpMethod.Post, "http://orders/record") { Content = new StringContent(CallBook.Id(Name, number)) },
            CallKind.Metered => new HttpRequestMessage(HttpMethod.Get, "http://orders/metered"),
            _ => new HttpRequestMessage(HttpMethod.Get, "http://orders/"),
        };
        HttpResponseMessage? response = null;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            string body = await response.Content.ReadAsStringAsync();
            return !response.IsSuccessStatusCode ? (Verdict.Answered, $"{(int)response.StatusCode}") : body.Length > 0 ? (Verdict.Ok, "") : (Verdict.Failed, "empty");
        }
        catch (MeshException error)
        {
            return error.Error is MeshError.AttemptTimeout or MeshError.Timeout ? (Verdict.Failed, Word(error.Error)) : (Verdict.Refused, Word(error.Error));
        }
        catch (Exception error)
        {
            return response is { IsSuccessStatusCode: true } ? (Verdict.Cut, "") : (Verdict.Failed, error is HttpRequestException http ? $"{http.HttpRequestError}" : error.GetType().Name);
        }
        finally
        {
            response?.Dispose();
        }
    }

    // As telemetry says it.
    private static string Word(MeshError error) => string.Concat($"{error}".Select(static (c, i) => char.IsUpper(c) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
