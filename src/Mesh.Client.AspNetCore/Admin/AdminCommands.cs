using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Admin;

/// <summary>The operator's hand on single endpoints. Saying a thing twice is as good as once.</summary>
internal sealed class AdminCommands(IServiceProvider services)
{
    private readonly IMeshStatus _status = services.GetRequiredService<IMeshStatus>();

    public Task IsolateAsync(HttpContext context) => RunAsync(context, _status.Isolate);

    public Task ReleaseAsync(HttpContext context) => RunAsync(context, _status.Release);

    private Task RunAsync(HttpContext context, Func<string, string, bool> say)
    {
        string id = (string)context.Request.RouteValues["service"]!;
        string endpoint = (string)context.Request.RouteValues["endpoint"]!;
        ServiceAnswer? service = Array.Find(ServiceAnswers.Of(_status.GetServices()), s => string.Equals(s.Id, id, StringComparison.OrdinalIgnoreCase));
        if (!say(service?.Name ?? id, endpoint))
        {
            return Answer.NotFoundAsync(context, "No service in use has that id, or it has no such endpoint. An endpoint is written as the list of endpoints does: host:port.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
