using Mesh.Client.AspNetCore;
using Mesh.Client.AspNetCore.Admin.Access;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Admin;

/// <summary>
/// Who may change something at the admin listener: whom the library's admin API answers, with its header or a body of JSON. A form of another page can send neither, and a script not without asking
/// first.
/// </summary>
internal sealed class ChangeGate(MeshAdminOptions options)
{
    private readonly AdminGate _gate = new(options);

    /// <summary>Puts the gate before what changes nothing.</summary>
    public RequestDelegate Read(RequestDelegate handler) => Guarded.By(_gate, AdminRequestKind.Read, handler);

    /// <summary>Puts the gate before a change.</summary>
    public RequestDelegate Change(RequestDelegate handler) => Guarded.By(_gate, AdminRequestKind.Read, context => IsMeant(context.Request)
        ? handler(context)
        : AdminAnswer.RefuseAsync(
            context,
            StatusCodes.Status403Forbidden,
            $"A call that changes something needs the header {AdminGate.Header}: 1 or Content-Type: application/json, which a form of another page cannot send."));

    private static bool IsMeant(HttpRequest request) => request.Headers[AdminGate.Header] is ["1"] || request.HasJsonContentType();
}
