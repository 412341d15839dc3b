using System.Text;
using Mesh.Agent.Admin.Registrations;
using Mesh.Agent.Inbound;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Mesh.Agent.Admin;

/// <summary>What the agent answers about itself.</summary>
internal sealed class AdminEndpoints(IHostApplicationLifetime lifetime, InboundHosts inbound, RegistrationTable registrations)
{
    public Task InvokeAsync(HttpContext context)
    {
        bool isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return (context.Request.Path.Value, isRead) switch
        {
            ("/healthz", true) => AnswerAsync(context, StatusCodes.Status200OK, "healthy"),
            ("/readyz", true) => IsReady ? AnswerAsync(context, StatusCodes.Status200OK, "ready") : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "not ready"),
            ("/healthz" or "/readyz", false) => AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD"),
            _ => AnswerAsync(context, StatusCodes.Status404NotFound, "known here: /healthz, /readyz, /metrics, /mesh/, /v1/registrations, /v1/services"),
        };
    }

    private bool IsReady => lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested && !inbound.IsStopping && !registrations.IsStopping;

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes($"{text}\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.Headers.Allow = "GET, HEAD";
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
