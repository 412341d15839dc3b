using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Tests.Routing;

/// <summary>A scripted mesh whose service <c>orders</c> has one route, called <c>r</c>, for all calls.</summary>
internal static class RoutedMesh
{
    public static ScriptedMesh Of(Action<RouteRuleOptions> route, Action<ServiceOptions>? orders = null, Action<IMeshBuilder>? mesh = null, params string[] endpoints) => new(
        options =>
        {
            var made = new RouteRuleOptions { Name = "r" };
            route(made);
            options.Routes.Add(made);
            orders?.Invoke(options);
        },
        endpoints.Length == 0 ? null : endpoints,
        mesh);

    /// <summary>A mesh whose calls are copied to the service <c>shadow</c>, at 10.0.0.9.</summary>
    public static ScriptedMesh Mirrored(Action<MirrorOptions>? mirror = null, Action<ServiceOptions>? orders = null, Action<IMeshBuilder>? mesh = null)
    {
        ScriptedMesh made = Of(
            route =>
            {
                route.Mirror = new MirrorOptions { Service = "shadow" };
                mirror?.Invoke(route.Mirror);
            },
            orders,
            mesh);
        made.Registry.Set("shadow", "10.0.0.9:80");
        return made;
    }

    /// <summary>A mesh whose calls suffer.</summary>
    public static ScriptedMesh Faulty(Action<FaultOptions> fault, Action<ServiceOptions>? orders = null, Action<IMeshBuilder>? mesh = null, params string[] endpoints) => Of(
        route =>
        {
            route.Fault = new FaultOptions();
            fault(route.Fault);
        },
        orders,
        mesh,
        endpoints);

    /// <summary>What goes on beside the calls of the route.</summary>
    public static RouteWork Work(this ScriptedMesh mesh) => mesh.Services.InUse.Single(static s => s.Name == "orders").Work.For(new RoutePolicy { Name = "r" });

    /// <summary>Waits until every copy has come to its end.</summary>
    public static Task CopiesEndAsync(this ScriptedMesh mesh) => Waiting.Until.HoldsAsync(() => mesh.Work().Mirrors.Active == 0);
}
