using Mesh.Client.AspNetCore.Admin.Access;
using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Explaining;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Admin;

/// <summary>Tells which way a request would take, without sending it.</summary>
internal sealed class AdminExplain(IServiceProvider services)
{
    private const int MostHeaders = 100;

    private readonly IMeshExplain _explain = services.GetRequiredService<IMeshExplain>();

    public async Task ExplainAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        if (!Uri.TryCreate(query["uri"], UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            await RefuseAsync(context, "The query needs uri, an absolute one such as http://orders/today.").ConfigureAwait(false);
            return;
        }

        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(query["method"] is [{ Length: > 0 } method] ? method : "GET"), uri);
            foreach (string? line in query["header"].Take(MostHeaders))
            {
                string[] parts = (line ?? "").Split(':', 2, StringSplitOptions.TrimEntries);
                if (parts.Length < 2 || !request.Headers.TryAddWithoutValidation(parts[0], parts[1]))
                {
                    await RefuseAsync(context, "A header is written as name: value.").ConfigureAwait(false);
                    return;
                }
            }

            MeshExplanation explanation = await _explain.ExplainAsync(request, context.RequestAborted).ConfigureAwait(false);
            await Answer.WriteAsync(context, ExplanationAnswers.Of(explanation), AdminJson.Default.ExplanationAnswer).ConfigureAwait(false);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or MeshException)
        {
            await RefuseAsync(context, error.Message).ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext context, string detail) => Answer.RefuseAsync(context, new AdminRefusal(StatusCodes.Status400BadRequest, detail));
}
