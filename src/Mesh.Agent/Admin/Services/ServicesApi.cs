using Mesh.Client;
using Mesh.Client.Options;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;
using Mesh.Client.Services;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Admin.Services;

/// <summary>Which services there are and where they live, for programs that call them by themselves: <c>/v1/services</c>.</summary>
internal sealed class ServicesApi(MeshServices services, MeshConfiguration configuration, EndpointsStream stream)
{
    public Task ListAsync(HttpContext context)
    {
        var items = new SortedDictionary<string, ServiceItem>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in configuration.Current.Services.Keys)
        {
            items[name] = new ServiceItem(name, InUse: false, null, null);
        }

        foreach (MeshService service in services.InUse.Where(static s => s.Port == 0 && (!s.IsTentative || s.Snapshot is not null)))
        {
            ServiceStatus status = ServiceReport.Of(service, services.Engine.Clock);
            items[status.Name] = new ServiceItem(status.Name, InUse: true, status.IsResolved ? status.Endpoints.Length : null, status.IsResolved ? status.UsableEndpoints : null);
        }

        return AdminAnswer.WriteAsync(context, new ItemsAnswer<ServiceItem>([.. items.Values]), AgentJson.Default.ItemsAnswerServiceItem);
    }

    public async Task EndpointsAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        if (HostName.ServiceProblem(name) is { } problem)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, $"service = \"{OptionErrors.Clean(name, 100)}\" {problem}.").ConfigureAwait(false);
            return;
        }

        string? watch = context.Request.Query["watch"];
        if (watch is not (null or "0" or "1" or "false" or "true"))
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, $"watch = \"{OptionErrors.Clean(watch, 100)}\" is neither 1 nor 0; write ?watch=1 for a stream.").ConfigureAwait(false);
            return;
        }

        var asked = new AskedService(services, name);
        if (asked.Find() is not { } service)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{MeshServices.MaxServices} services are in use already; those that nobody calls leave within minutes.").ConfigureAwait(false);
            return;
        }

        await (watch is "1" or "true" ? stream.RunAsync(context, asked) : OnceAsync(context, service)).ConfigureAwait(false);
    }

    private async Task OnceAsync(HttpContext context, MeshService service)
    {
        try
        {
            if (await service.ResolveAsync(context.RequestAborted).ConfigureAwait(false) is null)
            {
                await AdminAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, service.NotFound().Message).ConfigureAwait(false);
                return;
            }
        }
        catch (MeshException error)
        {
            context.Response.Headers.RetryAfter = "1";
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, error.Message).ConfigureAwait(false);
            return;
        }

        await AdminAnswer.WriteAsync(context, EndpointsAnswer.Of(ServiceReport.Of(service, services.Engine.Clock)), AgentJson.Default.EndpointsAnswer).ConfigureAwait(false);
    }
}
