using Mesh.Client.AspNetCore.Admin.Answers;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Admin.Access;

/// <summary>Puts the gate and the headers that every answer has before a handler.</summary>
internal static class Guarded
{
    public static RequestDelegate By(AdminGate gate, AdminRequestKind kind, RequestDelegate handler) => context =>
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        return gate.Check(context, kind) is { } refusal ? Answer.RefuseAsync(context, refusal) : handler(context);
    };
}
