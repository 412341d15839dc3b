using Mesh.Client.AspNetCore.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.AspNetCore.Admin.Access;

/// <summary>
/// Who is answered. Beside the caller's place it goes by what a browser says: a page of another site must be able neither to read nor to change anything, through a form, a script, a permissive
/// CORS policy of the application or a name that it lets point to this machine (DNS rebinding).
/// </summary>
/// <param name="options">What the application allows.</param>
internal sealed class AdminGate(MeshAdminOptions options)
{
    /// <summary>The header of a changing call, which no form can send and no script of another site without asking first.</summary>
    public const string Header = "X-Mesh-Admin";

    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Why a caller is not answered; <see langword="null"/> where it is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">What it asks for.</param>
    public AdminRefusal? Check(HttpContext context, AdminRequestKind kind)
    {
        if (!options.AllowRemote && LocalCaller.Problem(context) is { } problem)
        {
            return new(StatusCodes.Status403Forbidden, problem);
        }

        if (kind is not AdminRequestKind.Page && IsOfAnotherSite(context.Request))
        {
            return new(StatusCodes.Status403Forbidden, "The call comes from a page of another site. Use the dashboard that this application serves, or a program.");
        }

        if (kind is not AdminRequestKind.Change)
        {
            return null;
        }

        return options.ReadOnly ? new(StatusCodes.Status403Forbidden, "Nothing can be changed here: MapMesh was given ReadOnly.")
            : context.Request.Headers[Header] is ["1"] ? null
            : new(StatusCodes.Status403Forbidden, $"A call that changes something needs the header {Header}: 1, which a form of another page cannot send.");
    }

    // Browsers send an Origin with all that a page could read or change; what they send none with says where it comes from.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        (request.Headers.TryGetValue(FetchSite, out StringValues site) && site is not (["same-origin"] or ["none"]))
        || (request.Headers.TryGetValue("Origin", out StringValues origin) && !(origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && IsHere(uri, RequestHost.Of(request))));

    // The scheme may have been changed by what ends TLS before this process.
    private static bool IsHere(Uri origin, HostString host) =>
        string.Equals(origin.Authority, host.Value, StringComparison.OrdinalIgnoreCase)
        || (string.Equals(origin.Host, host.Host, StringComparison.OrdinalIgnoreCase) && origin.Port == (host.Port ?? (origin.Scheme == Uri.UriSchemeHttps ? 443 : 80)));
}
