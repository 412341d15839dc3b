using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Admin;

/// <summary>What the mesh knows, asked piece by piece.</summary>
internal sealed class AdminApi(IServiceProvider services, MeshAdminOptions options)
{
    /// <summary>Traffic is measured for so long after somebody looked.</summary>
    public static readonly TimeSpan Measured = TimeSpan.FromMinutes(1);

    private static readonly string s_version = typeof(AdminApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly IMeshStatus _status = services.GetRequiredService<IMeshStatus>();
    private readonly TimeProvider _clock = MeshFactory.Clock(services);

    public Task ProcessAsync(HttpContext context)
    {
        LocalPolicy local = services.GetRequiredService<MeshConfiguration>().Current.Local;
        ImmutableArray<MeshEvent> events = _status.GetEvents();
        return Answer.WriteAsync(
            context,
            new ProcessAnswer
            {
                Service = local.Service,
                Instance = local.Instance,
                Region = local.Locality.Region,
                Zone = local.Locality.Zone,
                Labels = local.Labels,
                Version = s_version,
                Now = _clock.GetUtcNow(),
                CanChange = !options.ReadOnly,
                Explains = true,
                Receives = _status.GetServer() is not null,
                LastEvent = events.IsEmpty ? 0 : events[^1].Number,
            },
            AdminJson.Default.ProcessAnswer);
    }

    public Task ServicesAsync(HttpContext context) => Answer.WriteAsync(context, new ListAnswer<ServiceAnswer>(Services()), AdminJson.Default.ListAnswerServiceAnswer);

    public Task ServiceAsync(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["service"]!;
        return Array.Find(Services(), s => string.Equals(s.Id, id, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Answer.WriteAsync(context, found, AdminJson.Default.ServiceAnswer)
            : Answer.NotFoundAsync(context, "No service in use has that id. Services are in use from their first call until nobody called them for ten minutes.");
    }

    public Task PolicyAsync(HttpContext context)
    {
        string service = (string)context.Request.RouteValues["service"]!;
        ServiceAnswer? known = Array.Find(Services(), s => string.Equals(s.Id, service, StringComparison.OrdinalIgnoreCase));
        PolicyValueAnswer[] values =
        [
            .. _status.GetPolicy(known?.Name ?? service).Select(static v => new PolicyValueAnswer { Key = v.Key, Value = v.Value, Origin = ServiceAnswers.Word(v.Origin), Source = v.Source }),
        ];
        return Answer.WriteAsync(context, new ListAnswer<PolicyValueAnswer>(values), AdminJson.Default.ListAnswerPolicyValueAnswer);
    }

    public Task OverlaysAsync(HttpContext context) =>
        Answer.WriteAsync(context, new ListAnswer<OverlayAnswer>([.. Services().SelectMany(static s => s.Overlays)]), AdminJson.Default.ListAnswerOverlayAnswer);

    public Task ServerAsync(HttpContext context)
    {
        _status.MeasureTraffic(Measured);
        return Answer.WriteAsync(context, ProcessAnswers.Of(_status.GetServer()), AdminJson.Default.ServerAnswer);
    }

    public Task SourcesAsync(HttpContext context) => Answer.WriteAsync(
        context,
        new SourcesAnswer
        {
            Endpoints = [.. ServiceAnswers.Of(_status.GetServices()).Select(static s => new ServiceSourceAnswer { Service = s.Id, Source = s.Source })],
            Policies = ProcessAnswers.Of(_status.GetPolicySources()),
        },
        AdminJson.Default.SourcesAnswer);

    public Task EventsAsync(HttpContext context)
    {
        long after = long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
        return Answer.WriteAsync(context, new ListAnswer<EventAnswer>([.. _status.GetEvents(after).Select(ProcessAnswers.Of)]), AdminJson.Default.ListAnswerEventAnswer);
    }

    private ServiceAnswer[] Services()
    {
        _status.MeasureTraffic(Measured);
        return ServiceAnswers.Of(_status.GetServices());
    }
}
