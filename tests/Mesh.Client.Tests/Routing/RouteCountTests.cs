using System.Diagnostics.Metrics;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Tests.Routing;

public sealed class RouteCountTests
{
    [Fact]
    public async Task Collect_AfterFaultsAndCopies_TellsTheirNumberByRouteAndResult()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o => o.Routes.Add(new RouteRuleOptions { Name = "never" }));
        using ScriptedMesh faulty = RoutedMesh.Faulty(static f => f.AbortPercent = 100);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage copied = await mesh.Client.GetAsync(new Uri("http://orders/x"), TestContext.Current.CancellationToken);
            using HttpResponseMessage failed = await faulty.Client.GetAsync(new Uri("http://orders/x"), TestContext.Current.CancellationToken);
        }

        await mesh.CopiesEndAsync();

        Assert.Equal(["mesh.client.mirrors 3 orders r sent"], Collect(mesh));
        Assert.Equal(["mesh.client.faults 3 orders r abort"], Collect(faulty));
    }

    [Fact]
    public async Task Collect_ARouteOrItsServiceLeavesAndComesBack_NeverFalls()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => f.AbortPercent = 100);
        using HttpResponseMessage before = await mesh.Client.GetAsync(new Uri("http://orders/x"), TestContext.Current.CancellationToken);
        RouteWorks work = mesh.Services.InUse.Single().Work;
        RoutePolicy route = mesh.Services.InUse.Single().Snapshot!.Policy.Routes.Items.Single();

        work.Keep(default);
        Assert.Equal(["mesh.client.faults 1 orders r abort"], Collect(mesh));

        // Another service of that name, as over another port, counts with it.
        work.For(route).Faults.OnAbort();
        new RouteWorks("orders", mesh.Services.Engine.Metrics).For(route).Faults.OnAbort();

        Assert.Equal(["mesh.client.faults 3 orders r abort"], Collect(mesh));
    }

    private static List<string> Collect(ScriptedMesh mesh)
    {
        List<string> seen = [];
        Meter meter = mesh.Services.Engine.Metrics.Meter;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.Name is "mesh.client.faults" or "mesh.client.mirrors")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                seen.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(static t => t.Value))}");
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
