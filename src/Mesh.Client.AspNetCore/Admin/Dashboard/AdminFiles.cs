using Mesh.Client.AspNetCore.Admin.Answers;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Admin.Dashboard;

/// <summary>The files that are part of the assembly: the dashboard and the description of the API.</summary>
internal static class AdminFiles
{
    private const string Prefix = "Mesh.Client.AspNetCore.Admin.";

    // Nothing but what this process serves, and no script or style within the page: what an endpoint calls itself can do nothing here.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static Task OpenApiAsync(HttpContext context) => SendAsync(context, "openapi.json", "application/json");

    public static Task PageAsync(HttpContext context)
    {
        // What the page names is beneath it. Where that is, seen through a proxy that takes a part of the path away, only the browser knows.
        if (context.Request.Path.Value?.EndsWith('/') is not true)
        {
            string path = $"{context.Request.PathBase}{context.Request.Path}";
            context.Response.Redirect($"./{path[(path.LastIndexOf('/') + 1)..]}/{context.Request.QueryString}", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        }

        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XFrameOptions = "DENY";
        return SendAsync(context, "index.html", "text/html; charset=utf-8");
    }

    public static Task AssetAsync(HttpContext context)
    {
        string file = (string)context.Request.RouteValues["file"]!;
        string? type = Path.GetExtension(file) switch { ".js" => "text/javascript; charset=utf-8", ".css" => "text/css; charset=utf-8", ".svg" => "image/svg+xml", _ => null };
        return type is null ? Answer.NotFoundAsync(context, "The dashboard has no such file.") : SendAsync(context, file, type);
    }

    private static async Task SendAsync(HttpContext context, string file, string type)
    {
        using Stream? content = typeof(AdminFiles).Assembly.GetManifestResourceStream(Prefix + file);
        if (content is null)
        {
            await Answer.NotFoundAsync(context, "The dashboard has no such file.").ConfigureAwait(false);
            return;
        }

        byte[] body = new byte[content.Length];
        await content.ReadExactlyAsync(body, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = type;
        await Answer.WriteBodyAsync(context, body).ConfigureAwait(false);
    }
}
