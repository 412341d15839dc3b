using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mesh.Client.AspNetCore.Admin.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Mesh.Agent.Admin;

/// <summary>Writes answers as the library's admin API does.</summary>
internal static class AdminAnswer
{
    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        return Answer.WriteAsync(context, value, type);
    }

    /// <summary>Refuses with what is wrong and the remedy.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string detail, IReadOnlyList<string>? errors = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        var problem = new ProblemBody { Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail, Errors = errors };
        return Answer.WriteBodyAsync(context, JsonSerializer.SerializeToUtf8Bytes(problem, AgentJson.Default.ProblemBody));
    }
}
