using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mesh.Client.AspNetCore.Admin.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Writes an answer.</summary>
internal static class Answer
{
    public static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        await WriteBodyAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type)).ConfigureAwait(false);
    }

    public static Task RefuseAsync(HttpContext context, AdminRefusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "application/problem+json";
        var problem = new ProblemAnswer { Title = ReasonPhrases.GetReasonPhrase(refusal.Status), Status = refusal.Status, Detail = refusal.Detail };
        return WriteBodyAsync(context, JsonSerializer.SerializeToUtf8Bytes(problem, AdminJson.Default.ProblemAnswer));
    }

    public static Task NotFoundAsync(HttpContext context, string detail) => RefuseAsync(context, new AdminRefusal(StatusCodes.Status404NotFound, detail));

    public static async Task WriteBodyAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
