using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Consul.Registration;

/// <summary>The reply of <c>grpc.health.v1.Health/Check</c> that says SERVING, written by hand.</summary>
internal static class HealthService
{
    private static readonly byte[] s_serving = [0, 0, 0, 0, 2, 0x08, 0x01];

    public static async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(s_serving);
        context.Response.AppendTrailer("grpc-status", context.Request.Path == "/grpc.health.v1.Health/Check" ? "0" : "12");
    }
}
